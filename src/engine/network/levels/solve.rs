//! Levels of links: the rates at which their unrestrained flows stop, repaired where they changed.
//!
//! The level of a link is infinite while the link is not full. A flow's rate is the lesser of its
//! cap and the lowest level on its route. Any set of levels under which every link either carries
//! its capacity or is not full is the max-min allocation, so levels can be repaired in any order
//! from any start, and the result does not depend on the past.

#![expect(clippy::float_cmp, reason = "what did not change keeps its bits, and they are compared")]

use super::super::FlowIdx;
use super::link::{Entry, Link, SAME};
use super::roster::Roster;

/// Visits per link after which the repair gives up and the levels are found from scratch.
const VISITS_MAX: usize = 50;
/// Levels of all links for the flows of one tier.
#[derive(Debug, Clone, Default)]
pub(super) struct Solver {
    links: Vec<Link>,
    /// By link.
    levels: Vec<f64>,
    /// By link: which lists below it stands in, and which routes cross it.
    marks: Vec<LinkMarks>,
    routes: Vec<Route>,
    /// By route.
    rosters: Vec<Roster>,
    /// Whether links or routes were added since the entries were laid out.
    is_new_layout: bool,
    /// Routes whose flows or own limit changed since the latest solve.
    touched: Vec<usize>,
    /// Links that touched routes cross, or whose capacity changed.
    asked_anew: Vec<usize>,
    dirty: Vec<usize>,
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
    /// Its links that other routes cross too, with its place among their entries.
    places: Vec<(usize, usize)>,
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
        self.levels.push(f64::INFINITY);
        self.is_new_layout = true;
    }

    pub(super) fn add_route(&mut self, links: &[usize]) {
        for &link in links {
            self.marks[link].routes.push(self.routes.len());
        }
        self.routes.push(Route { links: links.to_vec(), ..Route::default() });
        self.rosters.push(Roster::default());
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

    /// The routes that were touched since the marks were cleared.
    pub(super) fn touched(&self) -> &[usize] {
        &self.touched
    }

    /// The links whose level changed since the marks were cleared.
    pub(super) fn moved(&self) -> &[usize] {
        &self.moved
    }

    pub(super) fn level(&self, link: usize) -> f64 {
        self.levels[link]
    }

    pub(super) fn clear_marks(&mut self) {
        for route in self.touched.drain(..) {
            self.routes[route].is_touched = false;
        }
        for link in self.moved.drain(..) {
            self.marks[link].is_moved = false;
        }
    }

    /// The lowest level on a route. Of equal ones, `current` if it is among them.
    pub(super) fn hold(&self, route: usize, current: Option<usize>) -> Hold {
        let route = &self.routes[route];
        let mut hold = Hold { level: route.own_level, link: None, is_own: false };
        if route.own_level < f64::INFINITY {
            (hold.link, hold.is_own) = (route.own_link, true);
        }
        for &(link, _) in &route.places {
            let level = self.levels[link];
            let stays = level == hold.level && hold.link.is_some() && current == Some(link);
            if level < hold.level || stays {
                hold = Hold { level, link: Some(link), is_own: false };
            }
        }
        hold
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
                return;
            }
            let level = self.level_of(link);
            self.set_level(link, level);
        }
    }

    /// Decides which links are folded, and gives every other link an entry for each of its routes.
    fn lay_out(&mut self) {
        for (level, link) in self.levels.iter_mut().zip(&mut self.links) {
            *level = f64::INFINITY;
            link.entries.clear();
        }
        for idx in 0..self.routes.len() {
            let route = &mut self.routes[idx];
            route.places.clear();
            route.own.clear();
            for &link in &route.links {
                let entries = &mut self.links[link].entries;
                if self.marks[link].routes.len() == 1 {
                    route.own.push(link);
                } else {
                    route.places.push((link, entries.len()));
                    entries.push(Entry::idle(idx));
                }
            }
            self.touch(idx);
        }
        for link in 0..self.links.len() {
            self.ask_anew(link);
            self.mark_moved(link);
        }
    }

    /// Brings a touched route's own level and entries up to date.
    fn refresh(&mut self, idx: usize) {
        let route = &mut self.routes[idx];
        (route.own_limit, route.own_link) = (f64::INFINITY, None);
        for &link in &route.own {
            let capacity = self.links[link].capacity;
            if capacity < route.own_limit {
                (route.own_limit, route.own_link) = (capacity, Some(link));
            }
        }
        let roster = &self.rosters[idx];
        let (own_limit, asked) = (route.own_limit, roster.asked());
        route.own_level = roster.level_at(own_limit);
        let most = if asked < own_limit { asked } else { own_limit };
        for place in 0..self.routes[idx].places.len() {
            let (link, entry) = self.routes[idx].places[place];
            let roster = &self.rosters[idx];
            self.links[link].entries[entry] = if roster.is_empty() {
                Entry::idle(idx)
            } else {
                Entry::new(idx, roster, most, self.elsewhere(idx, link))
            };
            self.ask_anew(link);
        }
    }

    /// The lowest limit of a route but for one of its links.
    fn elsewhere(&self, route: usize, but: usize) -> f64 {
        let route = &self.routes[route];
        let mut lowest = route.own_level;
        for &(link, _) in &route.places {
            let level = self.levels[link];
            if link != but && level < lowest {
                lowest = level;
            }
        }
        lowest
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
            self.dirty.push(link);
        }
    }

    /// The dirty link with the lowest level: lower levels hold the higher ones, not the reverse.
    fn take_lowest_dirty(&mut self) -> Option<usize> {
        let key = |place: &usize| (self.levels[self.dirty[*place]], self.dirty[*place]);
        let lower = |a: &usize, b: &usize| {
            let ((level_a, link_a), (level_b, link_b)) = (key(a), key(b));
            level_a.total_cmp(&level_b).then(link_a.cmp(&link_b))
        };
        let place = (0..self.dirty.len()).min_by(lower)?;
        let link = self.dirty.swap_remove(place);
        self.marks[link].is_dirty = false;
        Some(link)
    }

    /// The level that a link should have now.
    fn level_of(&mut self, link: usize) -> f64 {
        self.links[link].level(self.levels[link], &self.rosters)
    }

    /// Gives a link its level, and soils the links that see their routes otherwise now.
    fn set_level(&mut self, idx: usize, level: f64) {
        let old = self.levels[idx];
        if old == level || (level - old).abs() <= SAME * if level < old { level } else { old } {
            return;
        }
        self.levels[idx] = level;
        self.mark_moved(idx);
        for place in 0..self.links[idx].entries.len() {
            let route = self.links[idx].entries[place].route;
            if !self.rosters[route].is_empty() {
                self.tell_others(route, idx);
            }
        }
    }

    fn mark_moved(&mut self, link: usize) {
        if !std::mem::replace(&mut self.marks[link].is_moved, true) {
            self.moved.push(link);
        }
    }

    /// Tells the other links of a route what holds it elsewhere, now that link `but` has moved.
    fn tell_others(&mut self, route: usize, moved: usize) {
        for place in 0..self.routes[route].places.len() {
            let (link, entry) = self.routes[route].places[place];
            if link == moved {
                continue;
            }
            let after = self.elsewhere(route, link);
            let before = std::mem::replace(&mut self.links[link].entries[entry].elsewhere, after);
            if before != after && self.is_felt(link, route, before, after) {
                self.soil(link);
            }
        }
    }

    /// Whether a link may have another level once a route is held at `after` elsewhere.
    fn is_felt(&self, link: usize, route: usize, before: f64, after: f64) -> bool {
        let level = self.levels[link];
        let lower = if before < after { before } else { after };
        if level <= lower {
            return false; // the route is held here, before and after
        }
        if level == f64::INFINITY && (after < before || self.links[link].is_cold()) {
            return false; // not full, and asked for less, or cold
        }
        lower < self.rosters[route].cap_max() // else its flows are at their caps both times
    }

    /// Finds all levels anew: the lowest bound is a level, and bounds the others.
    fn solve_from_scratch(&mut self) {
        self.n_from_scratch += 1;
        for link in self.dirty.drain(..) {
            self.marks[link].is_dirty = false;
        }
        let mut open: Vec<usize> =
            (0..self.links.len()).filter(|&link| !self.links[link].is_cold()).collect();
        for link in 0..self.links.len() {
            self.levels[link] = f64::INFINITY;
            self.mark_moved(link);
        }
        for link in 0..self.links.len() {
            for place in 0..self.links[link].entries.len() {
                let route = self.links[link].entries[place].route;
                self.links[link].entries[place].elsewhere = self.elsewhere(route, link);
            }
        }
        while !open.is_empty() {
            let bounds: Vec<f64> = open.iter().map(|&link| self.level_of(link)).collect();
            let lower = |a: &usize, b: &usize| bounds[*a].total_cmp(&bounds[*b]);
            let lowest = (0..open.len()).min_by(lower).expect("some link is open");
            let link = open.remove(lowest);
            self.set_level(link, bounds[lowest]);
        }
        for link in self.dirty.drain(..) {
            self.marks[link].is_dirty = false;
        }
    }
}

#[cfg(test)]
mod tests;
