//! What an engine is and can, asked for when it is opened; engines that nobody has tested are refused.

use std::fmt;

use sqlx::PgConnection;

use super::DatabaseError;

/// PostgreSQL's own way of writing version 15.0.
const OLDEST_POSTGRES: i32 = 150_000;

/// Servers that speak PostgreSQL's protocol and name themselves in `version()`, and what they would break.
const OTHERS: [(&str, &str, &str); 12] = [
    (
        "CockroachDB",
        "CockroachDB",
        "it aborts transactions that must then be run again",
    ),
    ("-YB-", "YugabyteDB", "its schema changes are not transactional"),
    (
        "Aurora DSQL",
        "Aurora DSQL",
        "its commits fail when two writers meet, and it has no triggers",
    ),
    ("Spanner", "Spanner", "it has no triggers and no notifications"),
    ("Redshift", "Redshift", "it enforces no unique key"),
    (
        "Greenplum",
        "Greenplum",
        "its unique keys hold within a segment only",
    ),
    ("Materialize", "Materialize", "it has no row locks"),
    ("openGauss", "openGauss", "it is a fork of PostgreSQL 9.2"),
    ("GaussDB", "GaussDB", "it is a fork of PostgreSQL 9.2"),
    ("KingbaseES", "KingbaseES", "it is a fork of its own"),
    (
        "EnterpriseDB",
        "EDB Postgres Advanced Server",
        "it is a fork of its own",
    ),
    ("Babelfish", "Babelfish", "it is a fork of its own"),
];

/// What an engine is and can: a table for the log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Capabilities {
    /// The engine with its version, in its own words.
    pub engine: String,
    /// One row for each thing that the register depends on.
    pub rows: Vec<Capability>,
}

/// One thing that the register depends on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Capability {
    /// What it is.
    pub name: &'static str,
    /// How it is here.
    pub found: String,
    /// What an operator should know about that; none when all is well.
    pub warning: Option<String>,
}

impl Capabilities {
    /// What an operator should know, one sentence each.
    pub fn warnings(&self) -> impl Iterator<Item = &str> {
        self.rows.iter().filter_map(|row| row.warning.as_deref())
    }
}

impl fmt::Display for Capabilities {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{:<22}{}", "engine", self.engine)?;
        for Capability { name, found, warning } in &self.rows {
            write!(formatter, "\n{name:<22}{found}")?;
            if let Some(warning) = warning {
                write!(formatter, " - {warning}")?;
            }
        }
        Ok(())
    }
}

/// The settings are ours: nothing is asked for.
pub(super) fn of_sqlite(version: &str) -> Capabilities {
    let row = |name, found: &str| Capability {
        name,
        found: found.to_owned(),
        warning: None,
    };
    Capabilities {
        engine: format!("SQLite {version}"),
        rows: vec![
            row("durable commits", "yes (synchronous FULL, write-ahead log)"),
            row("isolation of appends", "one writer at a time"),
            row("notifications", "within the process; other processes poll"),
            row("encoding", "UTF-8"),
        ],
    }
}

/// What a server says about itself; what it did not answer is none.
#[derive(Debug, Default, sqlx::FromRow)]
struct Facts {
    version: Option<String>,
    version_number: Option<String>,
    fsync: Option<String>,
    full_page_writes: Option<String>,
    synchronous_commit: Option<String>,
    isolation: Option<String>,
    encoding: Option<String>,
    character_type: Option<String>,
    in_recovery: Option<bool>,
    read_only: Option<String>,
    #[sqlx(skip)]
    notifications: bool,
    #[sqlx(skip)]
    prepared: bool,
}

const VERSION: &str = "SELECT version() AS version, current_setting('server_version_num') AS version_number,
    NULL::text AS fsync, NULL::text AS full_page_writes, NULL::text AS synchronous_commit,
    NULL::text AS isolation, NULL::text AS encoding, NULL::text AS character_type,
    NULL::boolean AS in_recovery, NULL::text AS read_only";
const FACTS: &str = "SELECT version() AS version, current_setting('server_version_num') AS version_number,
    current_setting('fsync') AS fsync, current_setting('full_page_writes') AS full_page_writes,
    current_setting('synchronous_commit') AS synchronous_commit,
    current_setting('default_transaction_isolation') AS isolation,
    current_setting('server_encoding') AS encoding,
    (SELECT datctype::text FROM pg_catalog.pg_database WHERE datname = current_database()) AS character_type,
    pg_is_in_recovery() AS in_recovery, current_setting('transaction_read_only') AS read_only";

/// Asks the server, and refuses what the register cannot be kept in.
pub(super) async fn of_postgres(
    connection: &mut PgConnection,
    allow_untested: bool,
) -> Result<Capabilities, DatabaseError> {
    let mut facts: Facts = match sqlx::query_as(FACTS).fetch_one(&mut *connection).await {
        Ok(facts) => facts,
        // A server that lacks one of these functions is at least asked who it is.
        Err(sqlx::Error::Database(_)) => sqlx::query_as(VERSION).fetch_one(&mut *connection).await?,
        Err(error) => return Err(error.into()),
    };
    // On a channel where nobody speaks: this connection does not expect to hear anything.
    facts.notifications =
        works(connection, "LISTEN sengen_probe").await? && works(connection, "UNLISTEN sengen_probe").await?;
    // The same text is prepared once and then only executed: a pooler that works by transaction and knows nothing of
    // prepared statements has it on another connection by then.
    facts.prepared = works(connection, "SELECT 1").await? && works(connection, "SELECT 1").await?;
    judge(&facts, allow_untested)
}

async fn works(connection: &mut PgConnection, statement: &'static str) -> Result<bool, DatabaseError> {
    match sqlx::query(statement).execute(connection).await {
        Ok(_) => Ok(true),
        Err(sqlx::Error::Database(_)) => Ok(false),
        Err(error) => Err(error.into()),
    }
}

/// The table, or why the server is refused.
fn judge(facts: &Facts, allow_untested: bool) -> Result<Capabilities, DatabaseError> {
    let version = facts.version.as_deref().unwrap_or("");
    let mut capabilities = table(facts, version);
    if let Some(reason) = stranger(version) {
        if !allow_untested {
            let capabilities = Box::new(capabilities);
            return Err(DatabaseError::UntestedEngine { capabilities, reason });
        }
        capabilities.engine.push_str(" (untested)");
        capabilities.rows.insert(0, warning("tested", "no", reason));
    } else {
        let number = facts.version_number.as_deref().unwrap_or("");
        if number.parse::<i32>().unwrap_or(0) < OLDEST_POSTGRES {
            let found = version.split(" on ").next().unwrap_or(version);
            let found = found.trim_start_matches("PostgreSQL ").to_owned();
            if !allow_untested {
                return Err(DatabaseError::PostgresTooOld { found });
            }
            let reason = format!("PostgreSQL {found} is older than 15");
            capabilities.rows.insert(0, warning("tested", "no", reason));
        }
    }
    if facts.in_recovery == Some(true) {
        let reason = "it is a replica in recovery";
        return Err(DatabaseError::ReadOnly { reason });
    }
    if facts.read_only.as_deref() == Some("on") {
        let reason = "its transactions are read-only by default";
        return Err(DatabaseError::ReadOnly { reason });
    }
    match facts.encoding.as_deref() {
        Some("UTF8") | None => Ok(capabilities),
        Some(other) => Err(DatabaseError::Encoding {
            found: other.to_owned(),
        }),
    }
}

/// Why this is no PostgreSQL that we know, from what it answers to `version()`.
fn stranger(version: &str) -> Option<String> {
    let other = OTHERS.iter().find(|(mark, _, _)| version.contains(mark));
    if let Some((_, name, why)) = other {
        return Some(format!("the server is {name}, which is not supported: {why}"));
    }
    // `PostgreSQL 15.18 (Debian 15.18-0+deb12u1) on x86_64-pc-linux-gnu, compiled by gcc …`, also of the hosted ones.
    let number = version.strip_prefix("PostgreSQL ");
    let is_known = number.is_some_and(|number| number.starts_with(|c: char| c.is_ascii_digit()))
        && version.contains(" on ")
        && version.contains("compiled by");
    (!is_known)
        .then(|| format!("the server calls itself {version:?}, which is no PostgreSQL that was tested"))
}

fn table(facts: &Facts, version: &str) -> Capabilities {
    let rows = vec![
        durable_commits(facts),
        checked(facts.full_page_writes.as_deref(), "whole pages", "on", |found| {
            format!("full_page_writes is {found}: a power cut can tear pages that nobody notices")
        }),
        Capability {
            name: "isolation of appends",
            found: format!(
                "read committed under the head's lock (default: {})",
                facts.isolation.as_deref().unwrap_or("unknown")
            ),
            warning: None,
        },
        Capability {
            name: "notifications",
            found: if facts.notifications { "yes" } else { "no" }.to_owned(),
            warning: (!facts.notifications).then(|| {
                "LISTEN is refused: other processes' events are seen up to half a second late".to_owned()
            }),
        },
        Capability {
            name: "prepared statements",
            found: if facts.prepared { "kept" } else { "lost" }.to_owned(),
            warning: (!facts.prepared).then(|| {
                "prepared statements get lost: let the pooler keep them, or let it work by session".to_owned()
            }),
        },
        Capability {
            name: "takes writes",
            found: match (facts.in_recovery, facts.read_only.as_deref()) {
                (Some(true), _) => "no, it is a replica",
                (_, Some("on")) => "no, read-only by default",
                (Some(false), _) => "yes",
                (None, _) => "unknown",
            }
            .to_owned(),
            warning: None,
        },
        Capability {
            name: "encoding",
            found: format!(
                "{}, lc_ctype {}",
                facts.encoding.as_deref().unwrap_or("unknown"),
                facts.character_type.as_deref().unwrap_or("unknown")
            ),
            warning: None,
        },
    ];
    Capabilities {
        engine: version
            .split(", compiled by")
            .next()
            .unwrap_or(version)
            .to_owned(),
        rows,
    }
}

fn durable_commits(facts: &Facts) -> Capability {
    let fsync = facts.fsync.as_deref();
    let commit = facts.synchronous_commit.as_deref().unwrap_or("unknown");
    match fsync {
        Some("on") => Capability {
            name: "durable commits",
            // Each append sets synchronous_commit itself.
            found: format!("yes (fsync on; the log commits synchronously, others: {commit})"),
            warning: None,
        },
        other => warning(
            "durable commits",
            "NO",
            format!(
                "fsync is {}: a crash of the machine can destroy the whole database. Never keep a register in it",
                other.unwrap_or("unknown")
            ),
        ),
    }
}

fn checked(found: Option<&str>, name: &'static str, good: &str, say: impl Fn(&str) -> String) -> Capability {
    let found = found.unwrap_or("unknown");
    Capability {
        name,
        found: found.to_owned(),
        warning: (found != good).then(|| say(found)),
    }
}

fn warning(name: &'static str, found: &str, warning: String) -> Capability {
    Capability {
        name,
        found: found.to_owned(),
        warning: Some(warning),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DEBIAN: &str = "PostgreSQL 15.18 (Debian 15.18-0+deb12u1) on x86_64-pc-linux-gnu, compiled by gcc (Debian \
                          12.2.0-14+deb12u1) 12.2.0, 64-bit";

    fn good(version: &str, number: &str) -> Facts {
        let text = |text: &str| Some(text.to_owned());
        Facts {
            version: text(version),
            version_number: text(number),
            fsync: text("on"),
            full_page_writes: text("on"),
            synchronous_commit: text("on"),
            isolation: text("read committed"),
            encoding: text("UTF8"),
            character_type: text("C.UTF-8"),
            in_recovery: Some(false),
            read_only: text("off"),
            notifications: true,
            prepared: true,
        }
    }

    #[test]
    fn t66_a_postgres_of_any_packager_is_taken_without_a_warning() {
        for (version, number) in [
            (DEBIAN, "150018"),
            (
                "PostgreSQL 18.0 on aarch64-unknown-linux-gnu, compiled by gcc (GCC) 14.2.0, 64-bit",
                "180000",
            ),
            (
                "PostgreSQL 17.5 (6bc9ef8) on aarch64-unknown-linux-gnu, compiled by gcc (Debian 12.2.0) 12.2.0, 64-bit",
                "170005",
            ),
            (
                "PostgreSQL 16.4 on x86_64-apple-darwin23.6.0, compiled by Apple clang version 15.0.0, 64-bit",
                "160004",
            ),
        ] {
            let capabilities = judge(&good(version, number), false).expect("taken");
            assert_eq!(capabilities.warnings().count(), 0, "{capabilities}");
            assert!(capabilities.engine.starts_with("PostgreSQL 1"), "{capabilities}");
        }
    }

    #[test]
    fn t66_engines_that_only_speak_the_protocol_are_refused_by_name_until_they_are_allowed() {
        for (version, word) in [
            (
                "CockroachDB CCL v24.1.0 (x86_64-pc-linux-gnu, built 2024/05/15, go1.22.2)",
                "CockroachDB",
            ),
            (
                "PostgreSQL 15.2-YB-2.25.0.0-b0 on x86_64-pc-linux-gnu, compiled by clang version 17.0.6",
                "YugabyteDB",
            ),
            ("PostgreSQL 16 (Aurora DSQL)", "Aurora DSQL"),
            (
                "PostgreSQL 8.0.2 on i686-pc-linux-gnu, compiled by GCC gcc 3.4.2, Redshift 1.0.1",
                "Redshift",
            ),
            (
                "PostgreSQL 16.4 (EnterpriseDB Advanced Server 16.4.1) on x86_64, compiled by gcc",
                "EDB",
            ),
            (
                "PostgreSQL 9.5.0 on x86_64-unknown-linux-gnu (Materialize v0.99.0)",
                "Materialize",
            ),
            ("PostgreSQL 16", "\"PostgreSQL 16\""),
            ("CrateDB 5.8.0 (built abc/Linux 5.4 amd64)", "CrateDB"),
            ("", "\"\""),
        ] {
            let facts = good(version, "150000");
            let error = judge(&facts, false).expect_err("refused");
            let DatabaseError::UntestedEngine { reason, .. } = &error else {
                panic!("{version}: {error:?}");
            };
            assert!(reason.contains(word), "{reason}");
            assert!(error.to_string().contains("--allow-untested-engine"), "{error}");
            let allowed = judge(&facts, true).expect("allowed");
            assert!(
                allowed.warnings().any(|warning| warning.contains(word)),
                "{allowed}"
            );
        }
    }

    #[test]
    fn t66_an_old_postgres_is_refused_until_it_is_allowed() {
        let old = "PostgreSQL 14.13 on x86_64-pc-linux-gnu, compiled by gcc (GCC) 12.2.0, 64-bit";
        let facts = good(old, "140013");
        match judge(&facts, false) {
            Err(DatabaseError::PostgresTooOld { found }) => assert_eq!(found, "14.13"),
            other => panic!("{other:?}"),
        }
        let allowed = judge(&facts, true).expect("allowed");
        assert!(
            allowed.warnings().any(|warning| warning.contains("14.13")),
            "{allowed}"
        );
    }

    #[test]
    fn t66_a_server_that_takes_no_writes_or_keeps_no_utf8_is_refused() {
        let replica = Facts {
            in_recovery: Some(true),
            ..good(DEBIAN, "150018")
        };
        let read_only = Facts {
            read_only: Some("on".to_owned()),
            ..good(DEBIAN, "150018")
        };
        for facts in [replica, read_only] {
            // Allowing an engine allows no such thing.
            let error = judge(&facts, true).expect_err("refused");
            assert!(matches!(error, DatabaseError::ReadOnly { .. }), "{error:?}");
        }
        let latin = Facts {
            encoding: Some("EUC_JP".to_owned()),
            ..good(DEBIAN, "150018")
        };
        let error = judge(&latin, false).expect_err("refused");
        assert!(error.to_string().contains("EUC_JP"), "{error}");
    }

    #[test]
    fn a_server_that_may_lose_what_it_acknowledged_is_warned_about() {
        let careless = Facts {
            fsync: Some("off".to_owned()),
            full_page_writes: Some("off".to_owned()),
            notifications: false,
            prepared: false,
            ..good(DEBIAN, "150018")
        };
        let capabilities = judge(&careless, false).expect("taken");
        assert_eq!(capabilities.warnings().count(), 4, "{capabilities}");
        let text = capabilities.to_string();
        assert!(text.contains("durable commits       NO - fsync is off"), "{text}");
    }
}
