//! Spans of days in which what is counted of a declaration does not change.

use chrono::NaiveDate;

use super::{
    counted::{Counted, Month, Standing},
    step::{Begins, Facts, Says, Step, Stopped},
};
use crate::{
    declaration::{Provenance, TimelineError, class_of},
    value::{EntityType, Industry},
};

/// From a day on, until the next span begins or for ever.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    /// Its first day.
    pub from: NaiveDate,
    /// What is counted; `None`: the declaration is not there.
    pub counted: Option<Counted>,
}

/// The spans of one declaration in the order of days, from the first day on which it is there. `steps` are all of it that is counted, in the
/// order of the log; without steps there are no spans.
///
/// It is what [`crate::declaration::Timeline::at`] says of each day: the first step, then those that hold since the same or an earlier day, by
/// day and position; before the first step there is nothing but what it says.
pub fn spans<'a>(steps: impl IntoIterator<Item = &'a Step>) -> Result<Vec<Span>, TimelineError> {
    let mut steps = steps.into_iter();
    let Some(first) = steps.next() else {
        return Ok(Vec::new());
    };
    let Says::Begins(begins) = &first.says else {
        return Err(TimelineError::NoBeginning);
    };
    let mut later: Vec<&Step> = steps.collect();
    later.sort_by_key(|step| step.since);
    let mut later = later.into_iter().peekable();
    let (mut now, mut spans) = (Now::begun(begins, first.since), Vec::new());
    let mut from = NaiveDate::MIN;
    loop {
        // What holds since before the first step holds when that does.
        while let Some(step) = later.next_if(|step| step.since <= from.max(first.since)) {
            now.apply(&step.says);
        }
        let until = later.peek().map(|step| step.since);
        now.add(from, until, &mut spans);
        match until {
            Some(day) => from = day,
            None => return Ok(spans),
        }
    }
}

/// What is said at some point.
struct Now {
    entity: EntityType,
    origin: Provenance,
    begun_on: NaiveDate,
    stopped: Stopped,
    replaced: bool,
    facts: Facts,
}

impl Now {
    const fn begun(begins: &Begins, begun_on: NaiveDate) -> Self {
        Self {
            entity: begins.entity,
            origin: begins.origin,
            begun_on,
            stopped: begins.stopped,
            replaced: false,
            facts: begins.facts,
        }
    }

    const fn apply(&mut self, says: &Says) {
        match says {
            // A second beginning says nothing, as in `Declaration::evolve`.
            Says::Begins(_) => {}
            Says::Fact(fact) => self.facts.set(*fact),
            Says::Stopped(stopped) => self.stopped = *stopped,
            Says::Replaced(replaced) => self.replaced = *replaced,
        }
    }

    /// Adds the spans of the days from one to before another, on which nothing else is said.
    fn add(&self, from: NaiveDate, until: Option<NaiveDate>, spans: &mut Vec<Span>) {
        let declared = self.facts.declared_on.unwrap_or(self.begun_on);
        let mut days = vec![from];
        let stop = match self.stopped {
            Stopped::On(on) => Some(on),
            Stopped::Never | Stopped::Unknown => None,
        };
        let between = |day: &NaiveDate| *day > from && until.is_none_or(|until| *day < until);
        days.extend([Some(declared), stop].into_iter().flatten().filter(between));
        days.sort_unstable();
        for day in days {
            let counted = (declared <= day).then(|| self.on(day));
            if spans.last().and_then(|span: &Span| span.counted) != counted {
                spans.push(Span { from: day, counted });
            }
        }
    }

    fn on(&self, day: NaiveDate) -> Counted {
        let standing = match self.stopped {
            _ if self.replaced => Standing::Replaced,
            Stopped::On(on) if on <= day => Standing::Stopped(Some(Month::of(on))),
            Stopped::Unknown => Standing::Stopped(None),
            Stopped::On(_) | Stopped::Never => Standing::Live,
        };
        let facts = &self.facts;
        Counted {
            standing,
            star: facts.star,
            prefecture: facts.prefecture,
            industry: facts.industry,
            size: class_of(
                self.entity,
                facts.industry.map(Industry::letter),
                facts.employees,
                facts.capital,
            ),
            origin: self.origin,
            declared: facts.declared_on.map(Month::of),
        }
    }
}
