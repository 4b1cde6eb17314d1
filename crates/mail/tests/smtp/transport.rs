//! Both transports behind one face.

use domain::mailing::Outcome;
use mail::{Folder, Transport};

use crate::server::{Server, message};

#[tokio::test]
async fn a_transport_says_what_it_is_and_whether_it_may_be_repeated() {
    let folder = tempfile::TempDir::new().unwrap();
    let server = Server::start(&[]);
    let to_folder = Transport::Folder(Folder::open(folder.path()).unwrap());
    let to_relay = Transport::Smtp(Box::new(server.pool()));
    assert_eq!(
        to_folder.describe(),
        format!("files in {}", folder.path().display())
    );
    assert_eq!(
        to_relay.describe(),
        format!("the mail relay 127.0.0.1:{} (in clear text)", server.port)
    );
    assert!(to_folder.is_repeatable() && !to_relay.is_repeatable());
    for transport in [to_folder, to_relay] {
        let outcome = transport.send(&message("hanako@example.jp")).await;
        assert!(matches!(outcome, Outcome::Accepted { .. }), "{outcome:?}");
        transport.rest().await;
    }
}
