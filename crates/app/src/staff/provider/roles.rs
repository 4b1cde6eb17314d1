//! Roles by the groups of the provider. Administrator and approver are given by two persons here, so no group gives or takes them.

use domain::staff::{Account, Actor, Role, SecurityKind, StaffEvent, StaffId, TAG_STAFF, in_order};
use event_store::{Append, AppendError, Guard, Query, QueryItem, Tag};
use storage::session;
use uuid::Uuid;

use super::{ProviderError, SingleSignOn};
use crate::security::Note;
use crate::{App, Internal};

/// In the log: who gave the roles.
const ACTOR: &str = "single-sign-on";
/// No session has a token with this hash.
const NO_SESSION: [u8; 32] = [0; 32];
/// Somebody may change the same account at the same moment, but not for long.
const TRIES: usize = 3;

/// What somebody may do from now on: what two persons gave them, and what their groups give.
fn roles_of(now: &[Role], single_sign_on: &SingleSignOn, groups: &[String]) -> Vec<Role> {
    let kept = now.iter().copied().filter(|role| is_by_two(*role));
    let given = groups
        .iter()
        .filter_map(|group| single_sign_on.group_roles.get(group));
    let given = given.flatten().copied().filter(|role| !is_by_two(*role));
    in_order(&kept.chain(given).collect::<Vec<_>>())
}

/// Whether a role is given only when a second person agrees.
const fn is_by_two(role: Role) -> bool {
    matches!(role, Role::Administrator | Role::Approver)
}

impl App {
    /// Gives an account the roles of its owner's groups. Without any its sessions end.
    pub(super) async fn take_roles(
        &self,
        id: StaffId,
        single_sign_on: &SingleSignOn,
        groups: &[String],
        request_id: Uuid,
    ) -> Result<(), ProviderError> {
        if single_sign_on.group_roles.is_empty() {
            return Ok(());
        }
        for _ in 0..TRIES {
            let seen = self.store.head().await.map_err(Internal::new)?;
            let detail = self.account_detail(id).await?.ok_or(ProviderError::Unknown)?;
            let Account { roles: now, .. } = &detail.account;
            let roles = roles_of(now, single_sign_on, groups);
            if roles.is_empty() {
                let ended = session::end_of(self.store.database(), &NO_SESSION, id.0, true, self.now()).await;
                if ended.map_err(Internal::new)? > 0 {
                    let note = Note::of(SecurityKind::SessionEnded, "no_role", id);
                    let actor = Actor::System(ACTOR.to_owned());
                    self.note_by(note, &actor).await;
                }
                return Err(ProviderError::NoRole);
            }
            if roles == in_order(now) {
                return Ok(());
            }
            let words: Vec<&str> = roles.iter().map(|role| role.as_str()).collect();
            let words = words.join(" ");
            let said = StaffEvent::RolesChanged { staff_id: id, roles };
            let item = QueryItem {
                types: StaffEvent::FACT_TYPES.map(str::to_owned).to_vec(),
                tags: vec![Tag::new(TAG_STAFF, id).map_err(Internal::new)?],
            };
            let append = Append {
                command_id: self.new_id().map_err(Internal::new)?,
                actor: Actor::System(ACTOR.to_owned()).to_string(),
                correlation_id: request_id,
                reason: None,
                events: vec![self.staff_event(&said, Vec::new())?],
                guards: vec![Guard {
                    query: Query { items: vec![item] },
                    after: seen,
                }],
                recorded_at: self.now(),
            };
            match self.store.append(append).await {
                Ok(_) => {
                    let note = Note::of(SecurityKind::RolesChanged, &words, id);
                    let actor = Actor::System(ACTOR.to_owned());
                    self.note_by(note, &actor).await;
                    return Ok(());
                }
                Err(AppendError::Conflict(_)) => {}
                Err(error) => return Err(Internal::new(error).into()),
            }
        }
        Err(ProviderError::Over)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::staff::{Handshake, IdentityProvider, ProviderFault, Vouched};
    use chrono::{DateTime, Utc};
    use futures::future::BoxFuture;

    struct Nobody;

    impl IdentityProvider for Nobody {
        fn issuer(&self) -> &'static str {
            "https://id.example.jp"
        }
        fn authorize<'a>(&'a self, _: &'a Handshake) -> BoxFuture<'a, Result<String, ProviderFault>> {
            unreachable!("nobody is sent")
        }
        fn redeem<'a>(
            &'a self,
            _: &'a str,
            _: &'a Handshake,
            _: DateTime<Utc>,
        ) -> BoxFuture<'a, Result<Vouched, ProviderFault>> {
            unreachable!("nobody comes back")
        }
    }

    #[test]
    fn groups_give_and_take_five_roles_and_never_touch_those_that_two_persons_give() {
        let group_roles = [
            ("register", vec![Role::Registrar, Role::Viewer]),
            ("mail", vec![Role::Operator]),
            ("all", vec![Role::Administrator, Role::Approver]),
        ];
        let single_sign_on = SingleSignOn {
            provider: Arc::new(Nobody),
            label: "見本".to_owned(),
            group_roles: group_roles.map(|(group, roles)| (group.to_owned(), roles)).into(),
        };
        let roles = |now: &[Role], groups: &[&str]| {
            let groups: Vec<String> = groups.iter().map(|group| (*group).to_owned()).collect();
            roles_of(now, &single_sign_on, &groups)
        };
        assert_eq!(
            roles(&[Role::Viewer], &["register", "mail", "other"]),
            in_order(&[Role::Registrar, Role::Operator, Role::Viewer])
        );
        assert_eq!(roles(&[Role::Registrar], &["mail"]), [Role::Operator]);
        assert_eq!(roles(&[Role::Registrar], &["all", "other"]), []);
        assert_eq!(
            roles(&[Role::Administrator, Role::Support], &[]),
            [Role::Administrator]
        );
        assert_eq!(roles(&[Role::Approver], &["all"]), [Role::Approver]);
    }
}
