//! When a task passed each station of its way: what service levels are counted from.

use time::{Duration, OffsetDateTime};

use super::task_state::{Standing, TaskState};

/// The first time that the whole of a task was handed over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FirstDelivery {
    /// When.
    pub time: OffsetDateTime,
    /// When it was due, as it was agreed then: a later change makes nothing late or timely.
    pub due_time: OffsetDateTime,
    /// How long it took from when the task was opened, without the time on hold; whole seconds, rounded down. None
    /// where it is not known when the task was opened.
    pub turnaround: Option<Duration>,
}

impl FirstDelivery {
    /// How late it was; none when it was in time. The very instant that it was due is in time.
    pub fn lateness(&self) -> Option<Duration> {
        (self.time > self.due_time).then(|| self.time - self.due_time)
    }
}

/// When a task passed each station of its way.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct TaskTimes {
    /// When it was first open.
    pub open: Option<OffsetDateTime>,
    /// When a paralegal first accepted it.
    pub start: Option<OffsetDateTime>,
    /// When the whole was first handed over: of a project with milestones, the delivery that left nothing to deliver.
    pub first_delivery: Option<FirstDelivery>,
    /// When the firm accepted the whole.
    pub accept: Option<OffsetDateTime>,
    /// Since when it is on hold; none when it is not.
    pub hold_start: Option<OffsetDateTime>,
    /// How long it was on hold before that, in all; whole seconds, each hold rounded down.
    pub held: Duration,
    /// How often the firm asked for a revision.
    pub revisions: u32,
}

impl TaskTimes {
    /// Notes what a move shows.
    pub fn moved(&mut self, to: Standing, now: OffsetDateTime) {
        if to.state() == TaskState::OnHold {
            self.hold_start.get_or_insert(now);
        } else if let Some(since) = self.hold_start.take() {
            self.held += whole_seconds(now - since);
        }
        // A task on hold moves beneath.
        match to.held().unwrap_or(to.state()) {
            TaskState::Open => {
                self.open.get_or_insert(now);
            }
            TaskState::InProgress => {
                self.start.get_or_insert(now);
            }
            TaskState::Accepted => {
                self.accept.get_or_insert(now);
            }
            _ => {}
        }
    }

    /// Notes that the whole was handed over, by a task that was due then.
    pub fn delivered(&mut self, due_time: OffsetDateTime, now: OffsetDateTime) {
        let held = self.held;
        let turnaround = self.open.map(|open| whole_seconds(now - open - held));
        self.first_delivery.get_or_insert(FirstDelivery {
            time: now,
            due_time,
            turnaround,
        });
    }
}

/// Whole seconds, rounded down; a clock that was put back counts for nothing.
fn whole_seconds(span: Duration) -> Duration {
    Duration::seconds(span.whole_seconds().max(0))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::task_state::TaskMove;
    use super::*;

    fn at(seconds: i64) -> OffsetDateTime {
        OffsetDateTime::UNIX_EPOCH + Duration::seconds(seconds)
    }

    /// A task that was moved so, one move each ten seconds from ten on.
    fn after(moves: &[TaskMove]) -> TaskTimes {
        let mut times = TaskTimes::default();
        let mut standing = Standing::in_state(TaskState::Pending);
        for (number, by) in (1..).zip(moves) {
            standing = standing.after(*by).unwrap();
            times.moved(standing, at(number * 10));
            if *by == TaskMove::Deliver {
                times.delivered(at(55), at(number * 10));
            }
        }
        times
    }

    #[test]
    fn each_station_is_noted_when_it_is_first_passed() {
        use TaskMove::{Accept, Begin, Deliver, Free, Offer, Open, Revise};
        let times = after(&[
            Open, Offer, Begin, Free, Begin, Deliver, Revise, Deliver, Accept,
        ]);
        assert_eq!(times.open, Some(at(10)));
        assert_eq!(times.start, Some(at(30)));
        assert_eq!(times.accept, Some(at(90)));
        let first = times.first_delivery.unwrap();
        assert_eq!((first.time, first.due_time), (at(60), at(55)));
        assert_eq!(first.turnaround, Some(Duration::seconds(50)));
        assert_eq!(first.lateness(), Some(Duration::seconds(5)));
    }

    #[test]
    fn a_turnaround_leaves_the_time_on_hold_out() {
        use TaskMove::{Begin, Deliver, Hold, Open, Resume, Revise};
        let times = after(&[
            Open, Hold, Resume, Begin, Hold, Resume, Deliver, Revise, Hold,
        ]);
        assert_eq!(times.held, Duration::seconds(20));
        assert_eq!(times.hold_start, Some(at(90)));
        let turnaround = times.first_delivery.unwrap().turnaround;
        assert_eq!(turnaround, Some(Duration::seconds(40)));
    }

    #[test]
    fn a_paralegal_who_accepts_a_task_on_hold_has_started_and_the_hold_goes_on() {
        use TaskMove::{Begin, Hold, Offer, Open};
        let times = after(&[Open, Offer, Hold, Begin]);
        assert_eq!(times.start, Some(at(40)));
        assert_eq!(times.hold_start, Some(at(30)));
    }

    #[test]
    fn what_is_cancelled_on_hold_is_held_no_longer() {
        use TaskMove::{Cancel, Hold, Open};
        let times = after(&[Open, Hold, Cancel]);
        assert_eq!(times.hold_start, None);
        assert_eq!(times.held, Duration::seconds(10));
        assert_eq!(times.accept, None);
    }

    #[test]
    fn the_instant_that_it_is_due_is_in_time() {
        let delivery = |time| FirstDelivery {
            time,
            due_time: at(10),
            turnaround: None,
        };
        assert_eq!(delivery(at(10)).lateness(), None);
        let late = delivery(at(10) + Duration::MICROSECOND).lateness();
        assert_eq!(late, Some(Duration::MICROSECOND));
    }

    proptest! {
        /// Whatever way a task goes, and however its clock runs: nothing is counted twice, nothing is negative, and
        /// it is on hold exactly while a hold has begun.
        #[test]
        fn no_way_makes_a_negative_span(
            steps in proptest::collection::vec((0..TaskMove::ALL.len(), -5_000_000..5_000_000_i64), 0..40),
        ) {
            let mut times = TaskTimes::default();
            let mut standing = Standing::in_state(TaskState::Pending);
            let mut now = at(0);
            for (by, micros) in steps {
                let by = TaskMove::ALL[by];
                now += Duration::microseconds(micros);
                let Ok(to) = standing.after(by) else { continue };
                let before = times;
                times.moved(to, now);
                if by == TaskMove::Deliver {
                    times.delivered(at(1), now);
                }
                standing = to;
                prop_assert_eq!(times.hold_start.is_some(), standing.state() == TaskState::OnHold);
                prop_assert!(times.held >= before.held);
                prop_assert!(before.open.is_none() || times.open == before.open);
                prop_assert!(before.first_delivery.is_none() || times.first_delivery == before.first_delivery);
                let turnaround = times.first_delivery.and_then(|first| first.turnaround);
                prop_assert!(turnaround.is_none_or(|span| !span.is_negative()));
            }
        }
    }
}
