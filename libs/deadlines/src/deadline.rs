//! Rule 6 itself.

use time::{Date, OffsetDateTime, PrimitiveDateTime, Time};

use crate::period::Direction;
use crate::question::{EARLIEST, Filing, LATEST, Question, Trigger};
use crate::step::{Step, words};

/// When something must be done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deadline {
    /// The last day, by the court's calendar.
    pub day: Date,
    /// The instant at which the time is over. For electronic filing that is the midnight which ends the last day: by
    /// the court's clock, the first instant of the day after.
    pub time: OffsetDateTime,
    /// How it came about, in order.
    pub steps: Vec<Step>,
}

/// Why a question has no answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Impossible {
    /// Hours are counted from an instant, and a day was given.
    #[error("must be an instant, for a period in hours")]
    HoursFromADay,
    /// The event is too far from the present.
    #[error("must be from the year 2000 to 2199")]
    TooFar,
    /// Days are added for service, and the period is before an event.
    #[error(
        "can't be told of a period before an event: Rule 6(d) is for what must be done after service"
    )]
    ServedBefore,
}

/// A deadline on its way: the day it has come to, and what led there.
struct Course<'a> {
    question: &'a Question,
    day: Date,
    steps: Vec<Step>,
}

impl Question {
    /// The deadline.
    pub fn answer(&self) -> Result<Deadline, Impossible> {
        if self.service.is_some() && self.period.direction() == Direction::Before {
            return Err(Impossible::ServedBefore);
        }
        let event = match self.trigger {
            Trigger::Day(day) => day,
            Trigger::Instant(instant) => self.zone.date_at(instant),
        };
        if !(EARLIEST..=LATEST).contains(&event) {
            return Err(Impossible::TooFar);
        }
        let course = Course {
            question: self,
            day: event,
            steps: Vec::new(),
        };
        // No date within the bounds comes near the end of the calendar, so what is none here is none of ours.
        match (self.period.hours(), self.trigger) {
            (None, _) => course.days().ok_or(Impossible::TooFar),
            (Some(hours), Trigger::Instant(event)) => {
                course.hours(event, hours).ok_or(Impossible::TooFar)
            }
            (Some(_), Trigger::Day(_)) => Err(Impossible::HoursFromADay),
        }
    }
}

impl Course<'_> {
    /// Rule 6(a)(1): days, and longer units.
    fn days(mut self) -> Option<Deadline> {
        let (question, event) = (self.question, self.day);
        self.tell(
            "6(a)(1)(A)",
            format!("the day of the event, {}, is excluded", words(event)),
        );
        self.day = question.period.last_day(event)?;
        let counted = format!(
            "{} it, every day counted, is {}",
            question.period,
            words(self.day)
        );
        self.tell("6(a)(1)(B)", counted);
        self.roll()?;
        self.add_days_for_service()?;
        self.pass_inaccessible("6(a)(3)(A)")?;
        let (rule, clock, ends) = match question.filing {
            Filing::Electronic => (
                "6(a)(4)(A)",
                PrimitiveDateTime::new(self.day.next_day()?, Time::MIDNIGHT),
                "at midnight".to_owned(),
            ),
            Filing::AtOffice { closes } => (
                "6(a)(4)(B)",
                PrimitiveDateTime::new(self.day, closes),
                format!(
                    "at {:02}:{:02}, when the clerk's office closes",
                    closes.hour(),
                    closes.minute()
                ),
            ),
        };
        let ends = format!(
            "the last day, {}, ends {ends}, {}",
            words(self.day),
            question.zone
        );
        self.tell(rule, ends);
        Some(Deadline {
            day: self.day,
            time: question.zone.instant_of(clock)?,
            steps: self.steps,
        })
    }

    /// Rule 6(a)(2): hours. They are hours that pass, so that where the clock is changed in between, it shows another
    /// time at the end (committee note of 2009: 72 hours from 10:23 on Friday, November 2, 2007 end at 9:23).
    fn hours(mut self, event: OffsetDateTime, hours: time::Duration) -> Option<Deadline> {
        let question = self.question;
        let begins = clock(question.zone.clock_at(event));
        self.tell(
            "6(a)(2)(A)",
            format!("counting begins at once, at {begins}"),
        );
        let end = event.checked_add(hours)?;
        let shown = question.zone.clock_at(end);
        self.day = shown.date();
        let counted = format!(
            "{} it, every hour counted, is {}",
            question.period,
            clock(shown)
        );
        self.tell("6(a)(2)(B)", counted);
        self.roll()?;
        self.add_days_for_service()?;
        self.pass_inaccessible("6(a)(3)(B)")?;
        let time = if self.day == shown.date() {
            end
        } else {
            question
                .zone
                .instant_of(PrimitiveDateTime::new(self.day, shown.time()))?
        };
        Some(Deadline {
            day: self.day,
            time,
            steps: self.steps,
        })
    }

    fn tell(&mut self, rule: &'static str, words: String) {
        let day = self.day;
        let rule = rule.into();
        self.steps.push(Step { rule, day, words });
    }

    /// Rules 6(a)(1)(C), 6(a)(2)(C) and 6(a)(5): on to the next day that is no Saturday, Sunday or legal holiday,
    /// forward after an event and backward before one.
    fn roll(&mut self) -> Option<()> {
        let question = self.question;
        let direction = question.period.direction();
        let rule = match question.period.hours() {
            None => "6(a)(1)(C)",
            Some(_) => "6(a)(2)(C)",
        };
        let mut rolled = false;
        while let Some(closed) = question.calendar.closed(self.day, direction) {
            rolled = true;
            let why = closed.sentence(self.day);
            let rule = if closed.is_weekend() {
                rule
            } else {
                closed.rule()
            };
            self.tell(rule, format!("{why}: the period runs on"));
            self.day = direction.next(self.day)?;
        }
        if rolled {
            let on = match direction {
                Direction::After => "forward",
                Direction::Before => "backward",
            };
            let next = format!("the next day, counting {on}, is {}", words(self.day));
            self.tell("6(a)(5)", next);
        }
        Some(())
    }

    /// Rule 6(d): three days after the period would otherwise expire, and on to the next day that can be the last
    /// (committee note of 2005).
    fn add_days_for_service(&mut self) -> Option<()> {
        let Some(service) = self.question.service else {
            return Some(());
        };
        let added = i64::from(service.added_days());
        if added == 0 {
            let none = format!("none are added for service {}", service.words());
            self.tell("6(d)", none);
            return Some(());
        }
        self.day = self.day.checked_add(time::Duration::days(added))?;
        let told = format!(
            "{added} days are added for service {}: {}",
            service.words(),
            words(self.day)
        );
        self.tell("6(d)", told);
        self.roll()
    }

    /// Rule 6(a)(3): to the first accessible day that can be the last. That is forward whichever way the period is
    /// counted (committee note of 2009 on subdivision (a)(5)). It is asked of the last day alone, after any days for
    /// service.
    fn pass_inaccessible(&mut self, rule: &'static str) -> Option<()> {
        let question = self.question;
        let direction = question.period.direction();
        let mut moved = false;
        loop {
            let why = if question.inaccessible.contains(&self.day) {
                format!("the clerk's office is inaccessible on {}", words(self.day))
            } else if let Some(closed) = moved
                .then(|| question.calendar.closed(self.day, direction))
                .flatten()
            {
                closed.sentence(self.day)
            } else {
                break;
            };
            moved = true;
            self.tell(rule, format!("{why}: the time for filing is extended"));
            self.day = self.day.next_day()?;
        }
        if moved {
            let first = format!("the first accessible day is {}", words(self.day));
            self.tell(rule, first);
        }
        Some(())
    }
}

/// A time of a clock on a day, as an explanation says it.
fn clock(shown: PrimitiveDateTime) -> String {
    format!(
        "{:02}:{:02} on {}",
        shown.hour(),
        shown.minute(),
        words(shown.date())
    )
}
