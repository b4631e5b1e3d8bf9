//! Levels of links: the rates at which their unrestrained flows stop, repaired where they changed.
//!
//! The level of a link is infinite while the link is not full. A flow's rate is the lesser of its
//! cap and the lowest level on its route. Any set of levels under which every link either carries
//! its capacity or is not full is the max-min allocation, so levels can be repaired in any order
//! from any start, and the result does not depend on the past.

#![expect(clippy::float_cmp, reason = "what did not change keeps its bits, and they are compared")]

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use super::super::FlowIdx;
use super::link::{Around, Ask, Entry, Link, MANY, is_beside, lesser};
use super::roster::Roster;

/// Visits per link after which the repair gives up and the levels are found from scratch.
const VISITS_MAX: usize = 50;

/// Levels of all links for the flows of one tier.
#[derive(Debug, Clone, Default)]
pub(super) struct Solver {
    links: Vec<Link>,
    /// By link; behind them an infinite one, which stands for no link.
    levels: Vec<f64>,
    /// By link: which lists below it stands in, and which routes cross it.
    marks: Vec<LinkMarks>,
    routes: Vec<Route>,
    /// By route.
    rosters: Vec<Roster>,
    /// By route: its links that other routes cross too.
    shared: Vec<Vec<usize>>,
    /// By route: what held it last while it mattered.
    holds: Vec<Hold>,
    /// Whether links or routes were added since the entries were laid out.
    is_new_layout: bool,
    /// Routes whose flows or own limit changed since the latest solve, and after it those whose
    /// sharing flows are held otherwise too.
    touched: Vec<usize>,
    /// Links that touched routes cross, or whose capacity changed.
    asked_anew: Vec<usize>,
    /// Links to visit, the lowest level first. Of levels, which are not negative, the bits rise with
    /// the value.
    dirty: BinaryHeap<Reverse<(u64, usize)>>,
    /// Links whose level changed in the latest solve.
    moved: Vec<usize>,
    /// How often the repair gave up. No run is known in which it did.
    n_from_scratch: u64,
}

#[derive(Debug, Clone, Default)]
struct LinkMarks {
    routes: Vec<usize>,
    is_asked_anew: bool,
    is_dirty: bool,
    is_moved: bool,
}

#[derive(Debug, Clone, Default)]
struct Route {
    links: Vec<usize>,
    /// Its place among the entries of each link that it shares.
    places: Vec<usize>,
    /// Its links that no other route crosses.
    own: Vec<usize>,
    /// The least capacity of its own links, and which link that is.
    own_limit: f64,
    own_link: Option<usize>,
    /// The level at which it fills that link by itself.
    own_level: f64,
    is_touched: bool,
}

/// What holds the flows of a route that are not at their caps.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Hold {
    /// The rate of these flows; infinite when there can be none.
    pub(super) level: f64,
    /// The link that sets it, or `None` when nothing does.
    pub(super) link: Option<usize>,
    /// Whether that link is the route's own.
    pub(super) is_own: bool,
}

impl Hold {
    pub(super) const NOTHING: Hold = Hold { level: f64::INFINITY, link: None, is_own: false };
}

impl Solver {
    pub(super) fn add_link(&mut self, capacity: f64) {
        self.links.push(Link::new(capacity));
        self.marks.push(LinkMarks::default());
        self.is_new_layout = true;
    }

    pub(super) fn add_route(&mut self, links: &[usize]) {
        for &link in links {
            self.marks[link].routes.push(self.routes.len());
        }
        self.routes.push(Route { links: links.to_vec(), ..Route::default() });
        self.rosters.push(Roster::default());
        self.shared.push(Vec::new());
        self.holds.push(Hold::NOTHING);
        self.is_new_layout = true;
    }

    pub(super) fn roster(&self, route: usize) -> &Roster {
        &self.rosters[route]
    }

    pub(super) fn links_of(&self, route: usize) -> &[usize] {
        &self.routes[route].links
    }

    pub(super) fn routes_over(&self, link: usize) -> &[usize] {
        &self.marks[link].routes
    }

    pub(super) fn insert(&mut self, route: usize, cap: f64, idx: FlowIdx) {
        self.rosters[route].insert(cap, idx);
        self.touch(route);
    }

    pub(super) fn remove(&mut self, route: usize, cap: f64, idx: FlowIdx) {
        self.rosters[route].remove(cap, idx);
        self.touch(route);
    }

    pub(super) fn set_capacity(&mut self, link: usize, capacity: f64) {
        if self.links[link].capacity == capacity {
            return;
        }
        self.links[link].capacity = capacity;
        if let [route] = self.marks[link].routes[..] {
            self.touch(route);
        } else {
            self.ask_anew(link);
        }
    }

    /// The routes whose flows changed, or whose sharing flows are held otherwise, since the marks
    /// were cleared.
    pub(super) fn touched(&self) -> &[usize] {
        &self.touched
    }

    /// What holds a touched route now.
    pub(super) fn held(&self, route: usize) -> Hold {
        self.holds[route]
    }

    /// The links whose level changed since the marks were cleared.
    pub(super) fn moved(&self) -> &[usize] {
        &self.moved
    }

    /// The level of a link; infinite for one that no solve has seen yet.
    pub(super) fn level(&self, link: usize) -> f64 {
        self.levels.get(link).copied().unwrap_or(f64::INFINITY)
    }

    pub(super) fn clear_marks(&mut self) {
        for route in self.touched.drain(..) {
            self.routes[route].is_touched = false;
        }
        for link in self.moved.drain(..) {
            self.marks[link].is_moved = false;
        }
    }

    /// What holds a route by the levels as they are; of equal ones, the first link.
    pub(super) fn hold(&self, idx: usize) -> Hold {
        let route = &self.routes[idx];
        let mut hold = Hold { level: route.own_level, link: None, is_own: false };
        if route.own_level < f64::INFINITY {
            (hold.link, hold.is_own) = (route.own_link, true);
        }
        for &link in &self.shared[idx] {
            let level = self.level(link);
            let is_first = level == hold.level && hold.link.is_some_and(|other| link < other);
            if level < hold.level || is_first {
                hold = Hold { level, link: Some(link), is_own: false };
            }
        }
        hold
    }

    /// The same for the route of an entry of `link`, mostly at a glance: where it shares one other link
    /// at most, and one of the two is below its own level.
    fn hold_by(&self, link: usize, entry: &Entry) -> Hold {
        if entry.other == MANY {
            return self.hold(entry.route);
        }
        let (here, there) = (self.levels[link], self.levels[entry.other]);
        let is_there = there < here || (there == here && entry.other < link);
        let (level, link) = if is_there { (there, entry.other) } else { (here, link) };
        if level < entry.own_level {
            return Hold { level, link: Some(link), is_own: false };
        }
        self.hold(entry.route)
    }

    fn touch(&mut self, route: usize) {
        if !std::mem::replace(&mut self.routes[route].is_touched, true) {
            self.touched.push(route);
        }
    }

    fn ask_anew(&mut self, link: usize) {
        if !std::mem::replace(&mut self.marks[link].is_asked_anew, true) {
            self.asked_anew.push(link);
        }
    }

    /// Whether nothing changed since the latest solve.
    pub(super) fn is_settled(&self) -> bool {
        !self.is_new_layout && self.touched.is_empty() && self.asked_anew.is_empty()
    }

    /// Brings all levels up to date with the flows and capacities.
    pub(super) fn solve(&mut self) {
        if std::mem::take(&mut self.is_new_layout) {
            self.lay_out();
        }
        for place in 0..self.touched.len() {
            self.refresh(self.touched[place]);
        }
        while let Some(link) = self.asked_anew.pop() {
            self.add_up(link);
        }
        let mut n_visits = 0;
        while let Some(link) = self.take_lowest_dirty() {
            n_visits += 1;
            if VISITS_MAX * self.links.len() < n_visits {
                self.solve_from_scratch();
                break;
            }
            let level = self.level_of(link);
            self.set_level(link, level);
        }
        self.find_holds();
    }

    /// Decides which links are folded, and gives every other link an entry for each of its routes.
    fn lay_out(&mut self) {
        self.levels.clear();
        self.levels.resize(self.links.len() + 1, f64::INFINITY);
        for link in 0..self.links.len() {
            self.links[link].entries.clear();
            self.links[link].asks.clear();
            self.ask_anew(link);
            self.mark_moved(link);
        }
        for idx in 0..self.routes.len() {
            let route = &mut self.routes[idx];
            let is_shared = |link: &usize| 1 < self.marks[*link].routes.len();
            (self.shared[idx], route.own) = route.links.iter().partition(|link| is_shared(link));
            route.places.clear();
            for (place, &link) in self.shared[idx].iter().enumerate() {
                let entry = Entry::idle(idx, &self.shared[idx], place, self.links.len());
                route.places.push(self.links[link].entries.len());
                self.links[link].entries.push(entry);
                self.links[link].asks.push(Ask::default());
            }
            self.touch(idx);
        }
    }

    /// Brings a touched route's own level and entries up to date.
    fn refresh(&mut self, idx: usize) {
        let (route, roster) = (&mut self.routes[idx], &self.rosters[idx]);
        (route.own_limit, route.own_link) = (f64::INFINITY, None);
        for &link in &route.own {
            let capacity = self.links[link].capacity;
            if capacity < route.own_limit {
                (route.own_limit, route.own_link) = (capacity, Some(link));
            }
        }
        route.own_level = roster.level_at(route.own_limit);
        let most = lesser(roster.asked(), route.own_limit);
        for (&link, &place) in self.shared[idx].iter().zip(&route.places) {
            self.links[link].entries[place].renew(roster, route.own_level);
            self.links[link].asks[place] = Ask { most, n_flows: roster.len() };
            if !std::mem::replace(&mut self.marks[link].is_asked_anew, true) {
                self.asked_anew.push(link);
            }
        }
    }

    /// Sums anew what a link is asked for; it is dirty unless it was and stays cold.
    fn add_up(&mut self, link: usize) {
        self.marks[link].is_asked_anew = false;
        self.links[link].add_up();
        if !(self.links[link].is_cold() && self.levels[link] == f64::INFINITY) {
            self.soil(link);
        }
    }

    fn soil(&mut self, link: usize) {
        if !std::mem::replace(&mut self.marks[link].is_dirty, true) {
            self.dirty.push(Reverse((self.levels[link].to_bits(), link)));
        }
    }

    /// The dirty link with the lowest level: lower levels hold the higher ones, not the reverse.
    fn take_lowest_dirty(&mut self) -> Option<usize> {
        let Reverse((_, link)) = self.dirty.pop()?;
        self.marks[link].is_dirty = false;
        Some(link)
    }

    /// The level that a link should have now.
    fn level_of(&mut self, link: usize) -> f64 {
        let Solver { links, levels, rosters, shared, .. } = self;
        links[link].level(link, &Around { levels, rosters, shared })
    }

    /// Gives a link its level, and soils the links that see their routes otherwise now.
    fn set_level(&mut self, idx: usize, level: f64) {
        let old = self.levels[idx];
        if old == level {
            return;
        }
        self.levels[idx] = level;
        self.mark_moved(idx);
        let entries = std::mem::take(&mut self.links[idx].entries);
        for entry in &entries {
            match entry.other {
                MANY => self.tell_many(idx, entry, old, level),
                other if other < self.links.len() => {
                    let own = entry.own_level;
                    self.tell(other, entry, lesser(old, own), lesser(level, own));
                }
                _ => {} // it shares this link alone
            }
        }
        self.links[idx].entries = entries;
    }

    fn around(&self) -> Around<'_> {
        Around { levels: &self.levels, rosters: &self.rosters, shared: &self.shared }
    }

    fn mark_moved(&mut self, link: usize) {
        if !std::mem::replace(&mut self.marks[link].is_moved, true) {
            self.moved.push(link);
        }
    }

    /// Tells all other links of a route that one of them went from level `old` to `level`.
    fn tell_many(&mut self, moved: usize, entry: &Entry, old: f64, level: f64) {
        for place in 0..self.shared[entry.route].len() {
            let link = self.shared[entry.route][place];
            if link != moved {
                let rest = entry.elsewhere_but(&[moved, link], &self.around());
                self.tell(link, entry, lesser(old, rest), lesser(level, rest));
            }
        }
    }

    /// Soils a link if it may have another level now that one of its routes, which was held at
    /// `before` elsewhere, is held at `after`.
    fn tell(&mut self, link: usize, entry: &Entry, before: f64, after: f64) {
        let level = self.levels[link];
        let lower = lesser(before, after);
        // Below its level the link holds the route itself, before and after; and caps at or below
        // the lower limit hold the flows before and after.
        if before == after || is_beside(level, lower) || entry.cap_max <= lower {
            return;
        }
        // A link that is not full stays so if it is asked for less, or cold.
        if level == f64::INFINITY && (after < before || self.links[link].is_cold()) {
            return;
        }
        self.soil(link);
    }

    /// Notes what holds the touched routes, and finds the others whose sharing flows are held
    /// otherwise than before.
    fn find_holds(&mut self) {
        for nth in 0..self.touched.len() {
            let route = self.touched[nth];
            self.holds[route] = self.hold(route);
        }
        for nth in 0..self.moved.len() {
            let link = self.moved[nth];
            let entries = std::mem::take(&mut self.links[link].entries);
            for entry in &entries {
                let here = self.levels[link];
                let level = lesser(entry.elsewhere(link, &self.around()), here);
                let Hold { level: before, link: holder, .. } = self.holds[entry.route];
                let is_same = level == before
                    && match holder {
                        Some(holder) if here == level => holder <= link,
                        Some(holder) => holder != link,
                        None => true,
                    };
                if !is_same && lesser(level, before) < entry.cap_max {
                    self.holds[entry.route] = self.hold_by(link, entry);
                    self.touch(entry.route);
                }
            }
            self.links[link].entries = entries;
        }
    }

    /// Finds all levels anew: the lowest bound is a level, and bounds the others.
    fn solve_from_scratch(&mut self) {
        self.n_from_scratch += 1;
        for Reverse((_, link)) in self.dirty.drain() {
            self.marks[link].is_dirty = false;
        }
        let mut open: Vec<usize> =
            (0..self.links.len()).filter(|&link| !self.links[link].is_cold()).collect();
        for link in 0..self.links.len() {
            self.levels[link] = f64::INFINITY;
            self.mark_moved(link);
        }
        while !open.is_empty() {
            let bounds: Vec<f64> = open.iter().map(|&link| self.level_of(link)).collect();
            let lower = |a: &usize, b: &usize| bounds[*a].total_cmp(&bounds[*b]);
            let lowest = (0..open.len()).min_by(lower).expect("some link is open");
            let link = open.remove(lowest);
            self.set_level(link, bounds[lowest]);
        }
        for Reverse((_, link)) in self.dirty.drain() {
            self.marks[link].is_dirty = false;
        }
    }
}

#[cfg(test)]
mod tests;
