//! An inquiry is put off, and comes back.

use chrono::{DateTime, TimeDelta, Utc};

use super::{Decided, going_on};
use crate::inquiry::event::InquiryEvent;
use crate::inquiry::refusal::InquiryRefusal;
use crate::inquiry::state::{Inquiry, InquiryStatus};

/// The longest for which something is put off.
const LONGEST: TimeDelta = TimeDelta::days(366);

/// It is put off until a moment that is to come.
pub fn snooze(inquiry: &Inquiry, until: DateTime<Utc>, now: DateTime<Utc>) -> Decided {
    going_on(inquiry)?;
    if until <= now {
        return Err(InquiryRefusal::InPast);
    }
    if until - now > LONGEST {
        return Err(InquiryRefusal::TooLate);
    }
    if inquiry.snoozed_until == Some(until.timestamp_micros()) {
        return Err(InquiryRefusal::NoChange);
    }
    Ok(InquiryEvent::Snoozed {
        inquiry_id: inquiry.id(),
        until: until.timestamp_micros(),
    })
}

/// It comes back: its time has come, or somebody wants it now.
pub fn wake(inquiry: &Inquiry) -> Decided {
    going_on(inquiry)?;
    if inquiry.status != InquiryStatus::Snoozed {
        return Err(InquiryRefusal::NotSnoozed);
    }
    Ok(InquiryEvent::Woken {
        inquiry_id: inquiry.id(),
    })
}
