//! Which stretch of a run tells most, and which of its copies are drawn.

use super::{Life, Scopes, Span, Stretch, count};
use crate::units::{Instant, floor_count};

/// Bars that remain where there are too many.
const BARS: usize = 200;

/// Most bars: it would be petty to thin out a few.
const BARS_MAX: usize = 240;

/// A stretch of waiting that goes on longer than so many times the life of its worst copy is cut.
const LIVES_MAX: u64 = 3;

/// What is shown before and after the worst copy where waiting goes on, as a share of its life.
const AIR_SHARE: f64 = 0.125;

/// So far around a crowd its copies are shown at least, however short it is.
const NEAR_MIN: Span = Span::from_mins(30);

/// Steps to whose multiples a stretch is rounded out.
const STEPS: [Span; 10] = [
    Span::from_mins(1),
    Span::from_mins(5),
    Span::from_mins(15),
    Span::from_mins(30),
    Span::from_hours(1),
    Span::from_hours(2),
    Span::from_hours(3),
    Span::from_hours(6),
    Span::from_hours(12),
    Span::from_days(1),
];

/// What is shown of a run; copies by index, ascending.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Choice {
    /// The time that is shown.
    pub(super) stretch: Stretch,
    /// The copies that the figure is about.
    pub(super) all: Vec<usize>,
    /// Those that are drawn.
    pub(super) shown: Vec<usize>,
    /// The only destination, where the copies to others are left out.
    pub(super) only_to: Option<String>,
}

/// The busiest stretch: where copies to one destination wait and most of them are late, or else
/// wait longest together; where no copy waits, where most are late, or else take longest together.
/// `None` without copies.
pub(super) fn choose(lives: &[Life], scopes: &Scopes) -> Option<Choice> {
    let any_waits = lives.iter().any(|life| life.asked < life.waited_until);
    let places: Vec<&str> = scopes.0.iter().map(|scope| scope.1.as_str()).collect();
    let crowd = if any_waits {
        let mut distinct = places.clone();
        distinct.sort_unstable();
        distinct.dedup();
        let waits = |place: &str| -> Vec<Busy> {
            let waiting = lives
                .iter()
                .filter(|life| places[life.scope] == place && life.asked < life.waited_until);
            waiting
                .map(|life| Busy { life: *life, from: life.asked, to: life.waited_until })
                .collect()
        };
        let crowds = distinct.iter().flat_map(|place| crowds(waits(place)));
        busiest(crowds, |life| life.waited)?
    } else {
        let all = lives.iter().map(|life| Busy { life: *life, from: life.due, to: life.end });
        busiest(crowds(all.collect()).into_iter(), Life::took)?
    };
    let worst = crowd.iter().rev().max_by_key(|busy| busy.life.badness())?;
    let to = places[worst.life.scope];
    let stretch = rounded(around(&worst.life, &crowd));
    let seen = |life: &usize| lives[*life].due < stretch.to && stretch.from < lives[*life].end;
    let everywhere: Vec<usize> = (0..lives.len()).filter(seen).collect();
    let fits = everywhere.len() <= BARS_MAX;
    let all: Vec<usize> = if fits {
        everywhere
    } else {
        everywhere.into_iter().filter(|life| places[lives[*life].scope] == to).collect()
    };
    let only_to = (!fits && places.iter().any(|place| *place != to)).then(|| to.to_owned());
    let shown = thinned(lives, &all);
    Some(Choice { stretch, all, shown, only_to })
}

/// A copy that is busy, with waiting or otherwise, for some time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Busy {
    life: Life,
    from: Instant,
    to: Instant,
}

/// Copies grouped so that within a group there is always one that is busy, and never between two.
fn crowds(mut busy: Vec<Busy>) -> Vec<Vec<Busy>> {
    busy.sort_by_key(|busy| busy.from);
    let mut crowds: Vec<Vec<Busy>> = Vec::new();
    let mut until = Instant::ZERO;
    for one in busy {
        match crowds.last_mut() {
            Some(crowd) if one.from <= until => crowd.push(one),
            _ => crowds.push(vec![one]),
        }
        until = until.max(one.to);
    }
    crowds
}

/// The crowd with most late copies, or else with the greatest sum of times; the first of equals.
fn busiest(crowds: impl Iterator<Item = Vec<Busy>>, time: fn(&Life) -> Span) -> Option<Vec<Busy>> {
    let weight = |crowd: &Vec<Busy>| {
        let n_late = crowd.iter().filter(|busy| busy.life.is_late).count();
        (n_late, crowd.iter().map(|busy| time(&busy.life)).sum::<Span>())
    };
    crowds.reduce(|best, crowd| if weight(&best) < weight(&crowd) { crowd } else { best })
}

/// From the first due to the last end of a crowd, but no farther behind where it is busy than that
/// is long, and half as far before it; where it is busy without end, cut around its worst copy.
fn around(worst: &Life, crowd: &[Busy]) -> Stretch {
    let first = |of: fn(&Busy) -> Instant| crowd.iter().map(of).min().unwrap_or(worst.due);
    let last = |of: fn(&Busy) -> Instant| crowd.iter().map(of).max().unwrap_or(worst.end);
    let busy = Stretch { from: first(|busy| busy.from), to: last(|busy| busy.to) };
    let took = worst.took();
    let air = took.scale(AIR_SHARE);
    if took.times(LIVES_MAX) < busy.length() {
        return Stretch {
            from: busy.from.max(worst.due.back(air)),
            to: busy.to.min(worst.end + air),
        };
    }
    let near = busy.length().max(NEAR_MIN);
    Stretch {
        from: first(|busy| busy.life.due).max(busy.from.back(near.scale(0.5))),
        to: last(|busy| busy.life.end).min(busy.to + near),
    }
}

/// The stretch with its ends moved out to round moments.
fn rounded(stretch: Stretch) -> Stretch {
    let step = STEPS.into_iter().find(|step| stretch.length() <= step.times(12));
    let step = step.unwrap_or(STEPS[STEPS.len() - 1]);
    let ever = Stretch { from: Instant::ZERO, to: Instant::FAR };
    let rounded = stretch.rounded_out(step, ever);
    if rounded.from < rounded.to {
        return rounded;
    }
    Stretch { to: rounded.to + step, ..rounded }
}

/// Of too many copies about [`BARS`]: of each `fleet → destination` as many as its part of all
/// allows, one half of them the worst, the other evenly spaced among the rest, by their ends.
fn thinned(lives: &[Life], all: &[usize]) -> Vec<usize> {
    if all.len() <= BARS_MAX {
        return all.to_vec();
    }
    let mut by_scope: Vec<Vec<usize>> = Vec::new();
    for &life in all {
        let scope = lives[life].scope;
        if by_scope.len() <= scope {
            by_scope.resize(scope + 1, Vec::new());
        }
        by_scope[scope].push(life);
    }
    let mut shown = Vec::new();
    for group in by_scope.iter().filter(|group| !group.is_empty()) {
        let part = count(group.len()) / count(all.len()) * count(BARS);
        shown.extend(worst_and_rest(lives, group, floor_count(part).max(1)));
    }
    shown.sort_unstable();
    shown
}

fn worst_and_rest(lives: &[Life], group: &[usize], n_shown: usize) -> Vec<usize> {
    let mut order = group.to_vec();
    order.sort_by(|&one, &other| {
        lives[other].badness().cmp(&lives[one].badness()).then(one.cmp(&other))
    });
    let n_shown = n_shown.min(order.len());
    let mut rest = order.split_off(n_shown.div_ceil(2));
    rest.sort_by_key(|&life| (lives[life].end, life));
    let n_rest = n_shown - order.len();
    order.extend((0..n_rest).map(|place| rest[place * rest.len() / n_rest]));
    order
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::Cause;
    use crate::report::figure::sample::START;

    fn at(mins: u64) -> Instant {
        START + Span::from_mins(mins)
    }

    /// Due at `due`, asked at once, waits for `waits`, ends after `moves` more minutes.
    fn life(scope: usize, due: u64, waits: u64, moves: u64) -> Life {
        Life {
            scope,
            due: at(due),
            asked: at(due),
            waited_until: at(due + waits),
            end: at(due + waits + moves),
            waited: Span::from_mins(waits),
            cause: Cause::Slot,
            is_late: false,
        }
    }

    fn scopes() -> Scopes {
        Scopes(vec![("db".to_owned(), "b".to_owned()), ("db".to_owned(), "c".to_owned())])
    }

    /// To b, the copies due at 60, 65, and 70 wait together, 90 minutes in all, from 60 to 110; the
    /// one due at 0 waits 10 alone, the one due at 75 to c does not, but is seen. Ends run to 120:
    /// an hour, in steps of 5 minutes.
    #[test]
    fn the_crowd_that_waits_longest_is_shown() {
        let lives = [
            life(0, 0, 10, 15),
            life(0, 60, 10, 15),
            life(0, 65, 40, 15),
            life(0, 70, 40, 10),
            life(1, 75, 0, 5),
            life(1, 500, 0, 5),
        ];
        let choice = choose(&lives, &scopes()).unwrap();
        assert_eq!(choice.stretch, Stretch { from: at(60), to: at(120) });
        assert_eq!((choice.all, choice.shown), (vec![1, 2, 3, 4], vec![1, 2, 3, 4]));
        assert_eq!(choice.only_to, None);
    }

    /// The one late copy waits 1 minute only, from 600; it ends at 900, of which half an hour after
    /// 601 is shown: 31 minutes, in steps of 5.
    #[test]
    fn a_crowd_with_late_copies_comes_first() {
        let mut lives = [life(0, 0, 10, 15), life(0, 600, 1, 299)];
        lives[1].is_late = true;
        let choice = choose(&lives, &scopes()).unwrap();
        assert_eq!(choice.stretch, Stretch { from: at(600), to: at(635) });
        assert_eq!(choose(&[], &scopes()), None);
    }

    /// Nobody waits: two copies that overlap take 30 minutes together, one alone 25.
    #[test]
    fn where_nobody_waits_the_longest_work_is_shown() {
        let lives = [life(0, 0, 0, 25), life(0, 100, 0, 12), life(1, 105, 0, 18)];
        let choice = choose(&lives, &scopes()).unwrap();
        assert_eq!(choice.stretch, Stretch { from: at(100), to: at(125) });
        assert_eq!(choice.all, [1, 2]);
    }

    /// Every copy waits 20 minutes of its 30 and the next one is asked meanwhile, for ever. The
    /// worst, due at 1,000, lives 35 minutes: an eighth of it more on either side, 995.6 to 1,039.4,
    /// in steps of 5 minutes.
    #[test]
    fn waiting_without_end_is_cut_around_the_worst() {
        let mut lives: Vec<Life> = (0..200).map(|n| life(0, 10 * n, 20, 10)).collect();
        lives[100] = life(0, 1000, 25, 10);
        let stretch = choose(&lives, &scopes()).unwrap().stretch;
        assert_eq!(stretch, Stretch { from: at(995), to: at(1040) });
    }

    /// 500 to b and 100 to c are too many: only b, where the worst is, stays. 200 of 500: the 100
    /// that waited longest (401 to 500 minutes), and 100 of the other 400, every fourth.
    #[test]
    fn of_too_many_the_worst_and_an_even_choice_stay() {
        let to_b = (0..500).map(|n| Life { due: at(1), asked: at(1), ..life(0, 0, n + 1, 600) });
        let to_c = (0..100).map(|_| life(1, 0, 0, 600));
        let lives: Vec<Life> = to_b.chain(to_c).collect();
        let choice = choose(&lives, &scopes()).unwrap();
        assert_eq!((choice.only_to.as_deref(), choice.all.len()), (Some("b"), 500));
        let expected: Vec<usize> = (0..400).step_by(4).chain(400..500).collect();
        assert_eq!(choice.shown, expected);
    }
}
