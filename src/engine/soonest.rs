//! What is taken out soonest first, and put in mostly in that order.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, VecDeque};

/// A queue as long as things come in order, as they do where all stay for the same time; a heap for
/// those that do not.
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

    /// Takes out the soonest, if it is one that should go.
    pub fn pop_if(&mut self, goes: impl FnOnce(&T) -> bool) -> Option<T> {
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
}
