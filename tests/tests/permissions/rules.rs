//! What an operation needs, and what each role gets of it by the policy table.

use domain::staff::{Permission, Role, allows};
use serde_json::Value;
use tests::Client;

/// What somebody gets who calls an operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Gets {
    /// An answer: there is no fault.
    Answer,
    /// A fault with this code.
    Fault(&'static str),
}

/// One operation: how to call it, what nobody gets, and which permission a member of staff needs.
pub struct Rule {
    pub text: &'static str,
    pub variables: Value,
    pub nobody: Gets,
    pub needs: Option<Permission>,
}

pub const SIGN_IN_FIRST: Gets = Gets::Fault("UNAUTHENTICATED");

pub fn rule(
    text: &'static str,
    variables: Value,
    nobody: Gets,
    needs: impl Into<Option<Permission>>,
) -> Rule {
    Rule {
        text,
        variables,
        nobody,
        needs: needs.into(),
    }
}

pub async fn assert_rule(name: &str, rule: &Rule, who: &str, client: &Client, gets: Gets) {
    let answer = client.graphql(rule.text, rule.variables.clone()).await;
    let got = answer.fault().map(str::to_owned);
    match gets {
        Gets::Answer => assert_eq!(got, None, "{name} as {who}: {answer:?}"),
        Gets::Fault(code) => {
            assert_eq!(got.as_deref(), Some(code), "{name} as {who}: {answer:?}");
            let data = &answer.body["data"];
            assert!(
                data.is_null() || data[name].is_null(),
                "{name} as {who}: {answer:?}"
            );
        }
    }
}

/// What a role gets by the policy table.
pub fn gets(role: Role, operation: &Rule) -> Gets {
    match operation.needs {
        Some(permission) if !allows(role, permission) => Gets::Fault("FORBIDDEN"),
        _ => Gets::Answer,
    }
}
