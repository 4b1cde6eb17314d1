//! The statements that take what was written out of the list when an inquiry is forgotten, beside the projecting itself.

use event_store::{Sql, TableToScrub, table_to_scrub};

/// Values in rows; `$1`: the ids of inquiries. The projection writes them anew when it reads the event.
pub(crate) const ROWS: Sql = Sql {
    sqlite: "UPDATE inquiry SET sender_name = NULL, sender_address = NULL, subject = NULL, snippet = NULL, search_key = '' \
             WHERE id IN (SELECT unhex(value) FROM json_each($1)) AND (search_key <> '' OR subject IS NOT NULL)",
    postgres: "UPDATE inquiry SET sender_name = NULL, sender_address = NULL, subject = NULL, snippet = NULL, search_key = '', \
               tokens = '{}' WHERE id = ANY (SELECT CAST(value AS UUID) FROM json_array_elements_text(CAST($1 AS json))) \
               AND (search_key <> '' OR subject IS NOT NULL)",
};

/// Search entries of SQLite; before the rows, which say whose they are.
pub(crate) const SEARCH: &str = "DELETE FROM inquiry_search WHERE rowid IN (SELECT seq FROM inquiry \
     WHERE id IN (SELECT unhex(value) FROM json_each($1)) AND (search_key <> '' OR subject IS NOT NULL))";

/// Merging what is left of them: everything there is becomes one merge, which the second goes on with.
pub(crate) const MERGES: [&str; 2] = [
    "INSERT INTO inquiry_search (inquiry_search, rank) VALUES ('merge', -400)",
    "INSERT INTO inquiry_search (inquiry_search, rank) VALUES ('merge', 400)",
];

/// Where old versions of rows have to leave the files.
pub(crate) const TO_SCRUB: TableToScrub = table_to_scrub!("inquiry");
