//! What is taken out soonest first, and put in mostly in that order.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, VecDeque};

/// So many in a heap are left there.
const FEW: usize = 32;

/// A queue as long as things come in order, as they do where all stay for the same time; a heap for
/// those that do not, which goes into the queue where that is the shorter of the two.
#[derive(Debug, Clone)]
pub struct Soonest<T> {
    in_order: VecDeque<T>,
    others: BinaryHeap<Reverse<T>>,
}

impl<T: Ord> Default for Soonest<T> {
    fn default() -> Self {
        Soonest { in_order: VecDeque::new(), others: BinaryHeap::new() }
    }
}

impl<T: Ord> Soonest<T> {
    /// Puts one in.
    pub fn push(&mut self, one: T) {
        if self.in_order.back().is_none_or(|latest| *latest <= one) {
            self.in_order.push_back(one);
        } else {
            self.others.push(Reverse(one));
        }
    }

    /// The soonest.
    pub fn first(&self) -> Option<&T> {
        let others = self.others.peek().map(|Reverse(other)| other);
        self.in_order.front().into_iter().chain(others).min()
    }

    /// Takes out the soonest, if it is one that should go.
    pub fn pop_if(&mut self, goes: impl FnOnce(&T) -> bool) -> Option<T> {
        if FEW + self.in_order.len() < self.others.len() {
            self.put_in_order();
        }
        let is_other = match (self.in_order.front(), self.others.peek()) {
            (Some(first), Some(Reverse(other))) => other < first,
            (first, _) => first.is_none(),
        };
        if is_other {
            goes(&self.others.peek()?.0).then(|| self.others.pop())?.map(|Reverse(one)| one)
        } else {
            goes(self.in_order.front()?).then(|| self.in_order.pop_front())?
        }
    }

    fn put_in_order(&mut self) {
        let others = std::mem::take(&mut self.others).into_iter().map(|Reverse(other)| other);
        self.in_order.extend(others);
        self.in_order.make_contiguous().sort_unstable();
    }

    /// All of them, in any order.
    pub fn iter(&self) -> impl Iterator<Item = &T> {
        self.in_order.iter().chain(self.others.iter().map(|Reverse(one)| one))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 5 and 7 come in order, 6 and 1 do not, 9 does again.
    #[test]
    fn the_soonest_goes_first_whatever_the_order() {
        let mut queue = Soonest::default();
        for one in [5, 7, 6, 1, 9] {
            queue.push(one);
        }
        assert_eq!((queue.in_order.len(), queue.iter().sum::<i32>()), (3, 28));
        assert_eq!(queue.pop_if(|soonest| *soonest < 1), None);
        let rest: Vec<i32> = std::iter::from_fn(|| queue.pop_if(|_| true)).collect();
        assert_eq!(rest, [1, 5, 6, 7, 9]);
    }

    /// 0, 10, …, 90, then 1, 11, …, 91, and so on, as copies of several volumes that are there from the
    /// beginning. The first ten come in order, and 91 to 99 after them; the 81 others are put in order
    /// when one is taken.
    #[test]
    fn many_that_came_out_of_order_are_put_in_order() {
        let mut queue = Soonest::default();
        for one in (0..10).flat_map(|volume| (0..10).map(move |nth| 10 * nth + volume)) {
            queue.push(one);
        }
        assert_eq!((queue.in_order.len(), queue.others.len()), (19, 81));
        assert_eq!(queue.first(), Some(&0));
        assert_eq!(queue.pop_if(|_| true), Some(0));
        assert_eq!((queue.in_order.len(), queue.others.len()), (99, 0));
        queue.push(-1);
        assert_eq!(queue.first(), Some(&-1));
        let rest: Vec<i32> = std::iter::from_fn(|| queue.pop_if(|_| true)).collect();
        assert_eq!(rest, (-1..100).filter(|&one| one != 0).collect::<Vec<_>>());
    }
}
