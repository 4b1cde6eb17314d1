//! Addresses as the log and the ledger know them: hashes under the register's own key, the same wherever an address stands.

use domain::mailing::Address;
use domain::mailing::event::AddressHash;

use crate::App;

impl App {
    pub(crate) fn address_hash(&self, address: &Address) -> AddressHash {
        let keyring = self.store.keyring();
        let hash = |label, text: &str| hex::encode(keyring.keyed_hash(label, text.as_bytes()));
        AddressHash {
            recipient: hash("mail-recipient", address.key().reveal()),
            domain: hash("mail-domain", address.domain()),
        }
    }
}
