//! What is taken from a file, from the environment and from the command line, and what is refused with which words.

use std::io::Write as _;

use super::*;

fn from_text(text: &str) -> Result<Config, ConfigError> {
    let mut file = tempfile::NamedTempFile::new().expect("a temporary file");
    file.write_all(text.as_bytes()).expect("the file takes text");
    Config::read(Some(file.path()), std::iter::empty(), Layer::default())
}

#[test]
fn t59_an_unknown_key_names_file_and_line() {
    let error = from_text("listen = \"127.0.0.1:9\"\n\ndatabse_url = \"x\"\n").expect_err("a refusal");
    let text = error.to_string();
    assert!(text.contains("line 3") && text.contains("databse_url"), "{text}");
}

#[test]
fn t59_a_bad_value_names_its_key_and_what_is_possible() {
    for (text, key) in [
        ("listen = \"somewhere\"", "listen"),
        ("public_listen = \"8081\"", "public_listen"),
        ("public_url = \"localhost\"", "public_url"),
        (
            "public_site_url = \"https://faq.example.jp/path\"",
            "public_site_url",
        ),
        ("database_url = \"mysql://x\"", "database_url"),
        (
            "trusted_proxies = [\"127.0.0.1\", \"localhost\"]",
            "trusted_proxies",
        ),
        ("keys_url = \"keys.db\"", "keys_url"),
        ("security_contact = \"security@example.jp\"", "security_contact"),
        ("backup_days = 0", "backup_days"),
        ("[limits]\nexports_per_hour = 0", "limits.exports_per_hour"),
        ("[limits]\nuploads_per_hour = 0", "limits.uploads_per_hour"),
        (
            "[staff]\nrefused_passwords = \"nowhere/list.txt\"",
            "staff.refused_passwords",
        ),
        ("[bulk]\napproval_above = 50001", "bulk.approval_above"),
        ("[reviews]\nproxy_address = 1", "reviews.proxy_address"),
        ("[reviews]\nproxy_days = 0", "reviews.proxy_days"),
        (
            "[reviews]\npage_networks = [\"intranet\"]",
            "reviews.page_networks",
        ),
        (
            "[export]\npersonal_approval_above = 10000001",
            "export.personal_approval_above",
        ),
        ("[cases]\nreportable_persons = 0", "cases.reportable_persons"),
        ("[cases]\nkeep_years = 31", "cases.keep_years"),
        ("[office]\nname = \"a\\nb\"", "office.name"),
    ] {
        let error = from_text(text).expect_err("a refusal").to_string();
        assert!(error.contains(key) && error.contains("must be"), "{error}");
    }
}

#[test]
fn the_command_line_beats_the_environment_and_that_beats_the_file() {
    let mut file = tempfile::NamedTempFile::new().expect("a temporary file");
    writeln!(
        file,
        "data_dir = \"/f\"\nlisten = \"127.0.0.1:1\"\npublic_url = \"http://f\""
    )
    .expect("text");
    let environment = [
        ("SENGEN_LISTEN", "127.0.0.1:2"),
        ("SENGEN_PUBLIC_URL", "http://e"),
        ("SENGEN_TEST_X", "y"),
    ];
    let line = Layer {
        public_url: Some("http://c".to_owned()),
        ..Layer::default()
    };
    let pairs = environment.into_iter().map(|(k, v)| (k.to_owned(), v.to_owned()));
    let config = Config::read(Some(file.path()), pairs, line).expect("a configuration");
    assert_eq!(config.data_dir, PathBuf::from("/f"));
    assert_eq!(config.listen.port(), 2);
    assert_eq!(config.public_url(2).origin(), "http://c");
}

#[test]
fn trusted_proxies_have_commas_in_between_in_a_variable_and_are_replaced_by_the_command_line() {
    let client = |line: Option<&str>| {
        let pair = ("SENGEN_TRUSTED_PROXIES", "192.0.2.1, 10.0.0.0/8");
        let pairs = std::iter::once((pair.0.to_owned(), pair.1.to_owned()));
        let line = Layer {
            trusted_proxies: line.map(|text| vec![text.to_owned()]),
            ..Layer::default()
        };
        let config = Config::read(None, pairs, line).expect("a configuration");
        let headers = [("x-forwarded-for", "198.51.100.1, 10.1.2.3")];
        let headers = headers.map(|(name, value)| {
            let name = axum::http::HeaderName::from_static(name);
            (name, axum::http::HeaderValue::from_static(value))
        });
        let peer = "192.0.2.1".parse().expect("an address");
        let client = config
            .trusted_proxies
            .client(peer, &headers.into_iter().collect());
        client.to_string()
    };
    assert_eq!(client(None), "198.51.100.1");
    assert_eq!(client(Some("192.0.2.1")), "10.1.2.3");
    assert_eq!(client(Some("127.0.0.1")), "192.0.2.1");
}

#[test]
#[cfg(unix)]
fn a_variable_that_is_no_text_matters_only_when_it_is_ours() {
    use std::os::unix::ffi::OsStringExt as _;
    let broken = || OsString::from_vec(vec![0xFF]);
    let others = [("LS_COLORS".into(), broken()), (broken(), "x".into())];
    assert_eq!(environment(others.into_iter()).expect("not ours"), []);
    let ours = [("SENGEN_DATA_DIR".into(), broken())].into_iter();
    let error = environment(ours).expect_err("a refusal").to_string();
    assert!(error.contains("SENGEN_DATA_DIR"), "{error}");
}

#[test]
fn t66_an_untested_engine_is_allowed_by_saying_true_and_by_nothing_else() {
    let read = |value: &str| {
        let pairs = [("SENGEN_ALLOW_UNTESTED_ENGINE".to_owned(), value.to_owned())].into_iter();
        Config::read(None, pairs, Layer::default())
    };
    assert!(read("true").expect("a configuration").allow_untested_engine);
    assert!(!read("false").expect("a configuration").allow_untested_engine);
    assert!(!from_text("").expect("a configuration").allow_untested_engine);
    let error = read("1").expect_err("a refusal").to_string();
    assert!(
        error.contains("allow_untested_engine") && error.contains("true or false"),
        "{error}"
    );
}

#[test]
fn t59_an_unknown_variable_is_refused_by_name() {
    let pairs = [("SENGEN_DATABASEURL".to_owned(), "x".to_owned())].into_iter();
    let error = Config::read(None, pairs, Layer::default())
        .expect_err("a refusal")
        .to_string();
    assert!(error.contains("SENGEN_DATABASEURL"), "{error}");
}
