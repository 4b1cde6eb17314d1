//! A declaration: its fields, its events, its state, and the decisions that may change it.

mod assess;
mod codec;
mod conflict;
pub mod decide;
mod diagnosis;
mod event;
mod evidence;
mod facts;
mod field;
mod flag;
mod listed;
mod look_up;
pub mod outline;
mod size;
mod state;
mod timeline;
mod wire;

pub use assess::{assess, name_with_hidden_characters};
pub use codec::{
    DecodeError, EncodedEvent, EncodedPart, REASON, SCHEMA_VERSION, StoredEvent, StoredPart, TAG_ATTACHMENT,
    TAG_CORPORATE_NUMBER, TAG_DECLARATION, TAG_DECLARATION_NO, TAG_ORGANIZATION, reason_of,
};
pub use conflict::{ConflictField, conflict};
pub use diagnosis::{Answer, Diagnosis, DiagnosisBand, Questionnaire};
pub use event::{
    Change, Corrected, CorrectionKind, DeclarationEvent, HandOverKind, Liveness, Made, Origin,
    RegisterSource, Registered, Replacement, Source, Standing, Statement, Stop, StopKind, Undone,
};
pub use evidence::Evidence;
pub use facts::{Fact, Facts, FieldValue};
pub use field::{Field, FieldClass, Role, Subject, Subjects};
pub use flag::FlagCode;
pub use listed::{ContactState, PolicyState, Provenance, city_key};
pub use look_up::{IdentityCheck, NumberLookedUp, SentTo};
pub(crate) use size::class_of;
pub use size::{SIZE_RULE_VERSION, SizeClass, SizeHint, size_hint};
pub use state::{Declaration, DeclarationState};
pub use timeline::{Recorded, Timeline, TimelineError, View, forgotten};
