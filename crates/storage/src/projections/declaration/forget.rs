//! The statements that take a forgotten person out of the projection, beside the projecting itself.
//!
//! Only a sole trader stands in it: name, reading, and the folded name with its search entries. What was projected anew since
//! holds nothing and is left alone.

use event_store::{Sql, TableToScrub, table_to_scrub};

/// One step of merging an index; running it again and again ends with one part that holds live entries only.
pub(crate) struct Merge(pub(crate) &'static str);

macro_rules! rows_sqlite {
    ($suffix:literal) => {
        concat!(
            "UPDATE declaration",
            $suffix,
            " SET personal_name = NULL, personal_kana = NULL, key_personal = NULL
             WHERE id IN (SELECT unhex(value) FROM json_each($1))
               AND name_subject IN (SELECT unhex(value) FROM json_each($2))
               AND (personal_name IS NOT NULL OR personal_kana IS NOT NULL OR key_personal <> '')"
        )
    };
}

macro_rules! rows_postgres {
    ($suffix:literal) => {
        concat!(
            "UPDATE declaration",
            $suffix,
            " SET personal_name = NULL, personal_kana = NULL, key_personal = NULL, tokens = '{}'
             WHERE id = ANY (SELECT CAST(value AS UUID) FROM json_array_elements_text(CAST($1 AS json)))
               AND name_subject = ANY (SELECT CAST(value AS UUID) FROM json_array_elements_text(CAST($2 AS json)))
               AND (personal_name IS NOT NULL OR personal_kana IS NOT NULL OR key_personal <> '')"
        )
    };
}

macro_rules! search {
    ($suffix:literal) => {
        concat!(
            "DELETE FROM declaration_search",
            $suffix,
            " WHERE rowid IN (SELECT seq FROM declaration",
            $suffix,
            " WHERE id IN (SELECT unhex(value) FROM json_each($1))
                AND name_subject IN (SELECT unhex(value) FROM json_each($2))
                AND (personal_name IS NOT NULL OR personal_kana IS NOT NULL OR key_personal <> ''))"
        )
    };
}

macro_rules! merges {
    ($table:literal) => {
        [
            // Negative: everything there is becomes one merge, which the positive ones then go on with.
            Merge(concat!(
                "INSERT INTO ",
                $table,
                " (",
                $table,
                ", rank) VALUES ('merge', -400)"
            )),
            Merge(concat!(
                "INSERT INTO ",
                $table,
                " (",
                $table,
                ", rank) VALUES ('merge', 400)"
            )),
        ]
    };
}

/// Values in rows. The projection writes them anew when it reads the event.
pub(crate) const ROWS: [Sql; 2] = [
    Sql {
        sqlite: rows_sqlite!(""),
        postgres: rows_postgres!(""),
    },
    Sql {
        sqlite: rows_sqlite!("_rebuild"),
        postgres: rows_postgres!("_rebuild"),
    },
];

/// Search entries of SQLite; before the rows, which say whose they are.
pub(crate) const SEARCH: [&str; 2] = [search!(""), search!("_rebuild")];

/// Of the index that is read, and of its twin.
pub(crate) const MERGES: [[Merge; 2]; 2] = [
    merges!("declaration_search"),
    merges!("declaration_search_rebuild"),
];

/// Where old versions of rows have to leave the files.
pub(crate) const TO_SCRUB: &[TableToScrub] = &[
    table_to_scrub!("declaration"),
    table_to_scrub!("declaration_rebuild"),
];
