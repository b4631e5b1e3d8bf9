//! Which stretch of a run tells most, and which of its copies are drawn.

use super::{Life, Scopes, Span, Stretch, count};
use crate::units::{Instant, floor_count};

/// Most bars.
const BARS_MAX: usize = 200;

/// A stretch of waiting that goes on longer than so many times the life of its worst copy is cut.
const LIVES_MAX: u64 = 3;

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

/// The stretch of waiting that holds the worst copy, and its copies; where no copy waits, the life
/// of the worst one. `None` without copies.
pub(super) fn choose(lives: &[Life], scopes: &Scopes) -> Option<Choice> {
    let worst = lives.iter().rev().max_by_key(|life| life.badness())?;
    let to = scopes.0[worst.scope].1.as_str();
    let same_place = |life: &&Life| scopes.0[life.scope].1 == to;
    let near: Vec<Life> = lives.iter().filter(same_place).copied().collect();
    let stretch = rounded(waiting_around(worst, &near));
    let is_seen = |life: &Life| life.due < stretch.to && stretch.from < life.end;
    let seen = |life: &usize| is_seen(&lives[*life]);
    let everywhere: Vec<usize> = (0..lives.len()).filter(seen).collect();
    let fits = everywhere.len() <= BARS_MAX;
    let all: Vec<usize> = if fits {
        everywhere
    } else {
        everywhere.into_iter().filter(|life| same_place(&&lives[*life])).collect()
    };
    let n_places = scopes.0.iter().filter(|scope| scope.1 != to).count();
    let only_to = (!fits && 0 < n_places).then(|| to.to_owned());
    let shown = thinned(lives, &all);
    Some(Choice { stretch, all, shown, only_to })
}

/// From the first due to the last end of the copies that wait while others do, `worst` among them;
/// cut around it where that never ends.
fn waiting_around(worst: &Life, near: &[Life]) -> Stretch {
    let mut waiting: Vec<&Life> =
        near.iter().filter(|life| life.asked < life.waited_until).collect();
    waiting.sort_by_key(|life| life.asked);
    let mut groups: Vec<(Instant, Vec<&Life>)> = Vec::new();
    for life in waiting {
        match groups.last_mut() {
            Some((until, group)) if life.asked <= *until => {
                *until = (*until).max(life.waited_until);
                group.push(life);
            }
            _ => groups.push((life.waited_until, vec![life])),
        }
    }
    let own = groups.into_iter().find(|(_, group)| group.contains(&worst));
    let group = own.map_or_else(|| vec![worst], |(_, group)| group);
    let from = group.iter().map(|life| life.due).min().unwrap_or(worst.due);
    let to = group.iter().map(|life| life.end).max().unwrap_or(worst.end);
    let took = worst.took();
    if took.times(LIVES_MAX) < to.since_or_zero(from) {
        return Stretch { from: from.max(worst.due.back(took)), to: to.min(worst.end + took) };
    }
    Stretch { from, to }
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

/// At most [`BARS_MAX`] of some copies: of each `fleet → destination` as many as its part of all
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
        let part = count(group.len()) / count(all.len()) * count(BARS_MAX);
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
    let rest = order.split_off(n_shown.div_ceil(2));
    let mut rest = rest;
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

    /// To b, 60 and 70 overlap in waiting with the worst, due at 65, from 60 to 110; the one due at
    /// 0 waited alone, the one due at 75 to c does not count but is seen. Ends run to 120: an hour,
    /// in steps of 5 minutes.
    #[test]
    fn the_stretch_of_waiting_around_the_worst_is_shown() {
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

    #[test]
    fn a_late_copy_is_worse_than_one_that_waited_longer() {
        let mut lives = [life(0, 0, 10, 15), life(0, 600, 0, 20)];
        lives[1].is_late = true;
        let choice = choose(&lives, &scopes()).unwrap();
        assert_eq!(choice.stretch, Stretch { from: at(600), to: at(620) });
        assert_eq!(choose(&[], &scopes()), None);
    }

    /// Every copy waits 20 minutes of its 30 and the next one is asked meanwhile, for ever. The
    /// worst, due at 1,000, lives 35 minutes: 35 before it and 35 after, 965 to 1,070, in steps of
    /// 15 minutes (105 ≤ 12 × 15).
    #[test]
    fn waiting_without_end_is_cut_around_the_worst() {
        let mut lives: Vec<Life> = (0..200).map(|n| life(0, 10 * n, 20, 10)).collect();
        lives[100] = life(0, 1000, 25, 10);
        let stretch = choose(&lives, &scopes()).unwrap().stretch;
        assert_eq!(stretch, Stretch { from: at(960), to: at(1080) });
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
