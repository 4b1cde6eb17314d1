//! Which crate may depend on which; docs/architecture.md draws it.

use cargo_metadata::{DependencyKind, MetadataCommand, Package};

use crate::{Failure, Outcome, repository};

/// Libraries that speak HTTP, SQL, GraphQL or SMTP: they belong to the edges.
const HTTP: &[&str] = &["axum", "hyper", "reqwest", "tower-http"];

struct Rule {
    /// The crate that depends.
    on: &'static str,
    /// Which of ours it may use.
    ours: &'static [&'static str],
    /// Which libraries it must not use.
    never: &'static [&'static str],
    why: &'static str,
}

const RULES: &[Rule] = &[
    Rule {
        on: "domain",
        ours: &[],
        never: &["tokio", "sqlx", "axum", "lettre", "futures"],
        why: "decisions are pure: no I/O, no async",
    },
    Rule {
        on: "event-store",
        ours: &[],
        never: &["axum", "async-graphql", "lettre"],
        why: "the log knows no domain",
    },
    Rule {
        on: "mail",
        ours: &["domain"],
        never: &["sqlx", "axum", "async-graphql"],
        why: "it carries messages; what was sent is written down elsewhere",
    },
    Rule {
        on: "storage",
        ours: &["domain", "event-store"],
        never: &["axum", "async-graphql", "lettre"],
        why: "storage reads and writes rows; it never decides",
    },
    Rule {
        on: "app",
        ours: &["domain", "event-store", "storage"],
        never: &["sqlx", "axum", "async-graphql", "cron", "lettre", "tower-http"],
        why: "a use case knows no transport and no SQL",
    },
    Rule {
        on: "identity",
        ours: &["app"],
        never: &["sqlx", "axum", "async-graphql"],
        why: "it speaks with an identity provider; what follows from it is decided elsewhere",
    },
    Rule {
        on: "pages",
        ours: &["app", "domain"],
        never: &["sqlx", "axum", "async-graphql"],
        why: "it asks for pages; what came of it is written down and judged elsewhere",
    },
    Rule {
        on: "scheduler",
        ours: &["app", "domain", "event-store", "mail", "storage"],
        never: &["sqlx", "axum", "async-graphql"],
        why: "it runs what is due; what is right is decided elsewhere",
    },
    Rule {
        on: "admin-api",
        ours: &["app", "domain", "event-store", "storage"],
        never: &["sqlx"],
        why: "all SQL is in event-store and storage",
    },
    Rule {
        on: "public-api",
        ours: &["app", "domain"],
        never: &["sqlx", "async-graphql"],
        why: "nothing of the console is on the public listener",
    },
    Rule {
        on: "sengen",
        ours: &[
            "admin-api",
            "app",
            "domain",
            "event-store",
            "identity",
            "mail",
            "pages",
            "public-api",
            "scheduler",
            "storage",
        ],
        never: &["sqlx"],
        why: "the binary wires the parts together; all SQL is in event-store and storage",
    },
    Rule {
        on: "test-support",
        ours: &["admin-api", "app", "domain", "event-store", "storage"],
        never: &[],
        why: "the harness is used by tests only",
    },
    Rule {
        on: "xtask",
        ours: &[],
        never: &[],
        why: "the repository's commands must not wait for the product to compile",
    },
    Rule {
        on: "tests",
        ours: &[
            "admin-api",
            "app",
            "domain",
            "event-store",
            "sengen",
            "storage",
            "test-support",
        ],
        never: &[],
        why: "end-to-end tests",
    },
];

/// One sentence per dependency that the rules do not allow, and per crate without a rule.
pub fn breaches() -> Outcome<Vec<String>> {
    let metadata = MetadataCommand::new()
        .manifest_path(repository::root().join("Cargo.toml"))
        .no_deps()
        .exec()
        .map_err(|error| Failure::new(format!("cargo metadata failed: {error}")))?;
    let ours: Vec<&str> = metadata
        .packages
        .iter()
        .map(|package| package.name.as_str())
        .collect();
    Ok(metadata
        .packages
        .iter()
        .flat_map(|package| of_package(package, &ours))
        .collect())
}

fn of_package(package: &Package, ours: &[&str]) -> Vec<String> {
    let name = package.name.as_str();
    let Some(rule) = RULES.iter().find(|rule| rule.on == name) else {
        return vec![format!(
            "{name} has no rule: say in xtask's check/dependencies.rs what it may depend on"
        )];
    };
    let dependencies = package
        .dependencies
        .iter()
        .map(|dependency| (dependency.name.as_str(), dependency.kind));
    dependencies
        .filter_map(|(on, kind)| breach(rule, on, kind, ours.contains(&on)))
        .collect()
}

fn breach(rule: &Rule, on: &str, kind: DependencyKind, is_ours: bool) -> Option<String> {
    if kind == DependencyKind::Development {
        // Tests may use the harness, and tokio to run.
        let allowed = on == "test-support" || rule.ours.contains(&on) || !is_ours;
        return (!allowed).then(|| format!("the tests of {} must not use {on}: {}", rule.on, rule.why));
    }
    let allowed = if is_ours {
        rule.ours.contains(&on)
    } else {
        !rule.never.contains(&on)
    };
    let http_inside = rule.on == "domain" && HTTP.contains(&on);
    (!allowed || http_inside).then(|| format!("{} must not depend on {on}: {}", rule.on, rule.why))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rule(name: &str) -> &'static Rule {
        RULES
            .iter()
            .find(|rule| rule.on == name)
            .expect("the rule is in the table")
    }

    #[test]
    fn domain_may_not_reach_for_the_database() {
        let said = breach(rule("domain"), "sqlx", DependencyKind::Normal, false).unwrap();
        assert_eq!(
            said,
            "domain must not depend on sqlx: decisions are pure: no I/O, no async"
        );
    }

    #[test]
    fn the_harness_is_for_tests_only() {
        assert!(breach(rule("storage"), "test-support", DependencyKind::Normal, true).is_some());
        assert!(breach(rule("storage"), "test-support", DependencyKind::Development, true).is_none());
    }

    #[test]
    fn the_log_may_not_know_the_domain() {
        assert!(breach(rule("event-store"), "domain", DependencyKind::Normal, true).is_some());
        assert!(breach(rule("storage"), "domain", DependencyKind::Normal, true).is_none());
    }
}
