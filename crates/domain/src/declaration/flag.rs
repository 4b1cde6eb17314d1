//! Warning flags: what is doubtful about a declaration. A flag never stops anything.

use crate::wire::wire_enum;

wire_enum! {
    /// What a flag warns of.
    FlagCode {
        /// A corporation or other body without a corporate number.
        CorporateNumberMissing = "corporate_number_missing",
        /// Not 13 digits.
        CorporateNumberLength = "corporate_number_length",
        /// 13 digits whose check digit is wrong.
        CorporateNumberCheckDigit = "corporate_number_check_digit",
        /// Another live declaration has the same valid number.
        CorporateNumberDuplicate = "corporate_number_duplicate",
        /// No division of JSIC, or none given.
        IndustryUnknown = "industry_unknown",
        /// No head count.
        EmployeesMissing = "employees_missing",
        /// A head count that is no number.
        EmployeesUnreadable = "employees_unreadable",
        /// Two stars without a policy.
        PolicyMissing = "policy_missing",
        /// Two stars with a policy that is not on the web.
        PolicyNotUrl = "policy_not_url",
        /// No mail address.
        EmailMissing = "email_missing",
        /// A mail address that no mail can be sent to.
        EmailUnreadable = "email_unreadable",
        /// Dots where RFC 5321 has none, as old carrier addresses have; kept as typed.
        EmailNotRfc = "email_not_rfc",
        /// Stopped on a day that nobody knows.
        StoppedDateMissing = "stopped_date_missing",
        /// A name with characters that are not shown, or that turn the text around them; kept as typed.
        NameCharacters = "name_characters",
        /// Somebody may have declared for the declarer.
        ProxySuspected = "proxy_suspected",
        /// Mail to the contact does not arrive.
        ContactUnreachable = "contact_unreachable",
    }
}
