//! An organisation: who declares. Its rule: one live declaration at a time.

use crate::ids::DeclarationId;

/// Another live declaration of an organisation, beside its declaration `own` (`None`: one that is to be made). `known`: each
/// of its declarations, and whether it is live. Only an old register may bring in more than one that is.
pub fn another_live(
    own: Option<DeclarationId>,
    known: impl IntoIterator<Item = (DeclarationId, bool)>,
) -> Option<DeclarationId> {
    let mut others = known.into_iter().filter(|(id, _)| Some(*id) != own);
    others.find(|(_, live)| *live).map(|(id, _)| id)
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    #[test]
    fn neither_a_stopped_declaration_nor_the_own_one_is_another_live_one() {
        let [own, stopped, live] = [1, 2, 3].map(|n| DeclarationId::new(Uuid::from_u128(n)));
        let known = [(own, true), (stopped, false)];
        assert_eq!(another_live(Some(own), known), None);
        assert_eq!(another_live(None, known), Some(own));
        assert_eq!(another_live(Some(own), [(own, true), (live, true)]), Some(live));
        assert_eq!(another_live(None, []), None);
    }
}
