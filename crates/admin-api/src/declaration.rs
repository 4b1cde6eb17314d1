//! Declarations: list, detail, history, and each change of one.

pub mod add_note;
pub mod change;
pub mod change_contact;
pub mod clear_flag;
pub mod correct;
pub mod detail;
pub mod enums;
pub mod evidence;
pub mod history;
pub mod list;
pub mod publish;
pub mod raise_flag;
pub mod record_diagnosis;
pub mod record_policy;
pub mod reinstate;
pub mod restore_logo;
pub mod make;
pub mod row;
pub mod step_down;
pub mod step_up;
pub mod stop;
pub mod suspend_logo;
pub mod undo;
pub mod unpublish;
pub mod values;
pub mod withdraw_policy;
