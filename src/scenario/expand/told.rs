//! What is said of expanded elements, once, and by the names that the text has.

use std::ops::Range;

use crate::scenario::tree::Found;

/// An element of the expanded scenario.
#[derive(Debug, Clone)]
pub(super) struct Made {
    /// How checks call it: by name, or by its place in the expanded list.
    pub(super) key: String,
    /// How the text calls it.
    pub(super) label: String,
    /// Bytes of its entry of `each`, or else of the element.
    pub(super) entry: Range<usize>,
    /// The element with `each` that it comes from.
    pub(super) source: Option<usize>,
}

/// An element with `each`.
#[derive(Debug, Clone)]
pub(super) struct Origin {
    /// How the text calls it.
    pub(super) label: String,
    /// Its bytes.
    pub(super) span: Range<usize>,
    /// How many elements it stands for.
    pub(super) count: usize,
}

/// All elements, and where they come from.
#[derive(Debug, Clone, Default)]
pub(super) struct Elements {
    pub(super) made: Vec<Made>,
    pub(super) origins: Vec<Origin>,
}

impl Elements {
    /// The same problems as a reader of the text should see them.
    ///
    /// One mistake shows in every element that it reaches, be it written in `[defaults]` or beside
    /// an `each`: it is told once. Where it reaches all elements of an `each`, these are called by
    /// their common name. What `before` says already is left out.
    pub(super) fn told(&self, found: Vec<Found>, before: &[Found]) -> Vec<Found> {
        let same =
            |one: &Found, other: &Found| one.span == other.span && one.message == other.message;
        let mut alike: Vec<Vec<Found>> = Vec::new();
        for one in found {
            if before.iter().any(|other| same(&one, other)) {
                continue;
            }
            // A setting has one place for all that it sets: there, keys tell mistakes apart.
            let alike_in = |list: &&mut Vec<Found>| {
                same(&list[0], &one) && (!one.span.is_empty() || self.are_twins(&list[0], &one))
            };
            match alike.iter_mut().find(alike_in) {
                Some(list) => list.push(one),
                None => alike.push(vec![one]),
            }
        }
        alike.into_iter().map(|list| self.once(&list)).collect()
    }

    /// One problem for several that are alike.
    fn once(&self, alike: &[Found]) -> Found {
        let mut first = alike[0].clone();
        let Some((made, rest)) = self.owner(&first.key) else { return first };
        let mut reached: Vec<&str> = Vec::new();
        for other in alike.iter().filter(|other| self.are_twins(&alike[0], other)) {
            let key = self.owner(&other.key).map_or("", |(other, _)| other.key.as_str());
            if !reached.contains(&key) {
                reached.push(key);
            }
        }
        let origin = made.source.map(|source| &self.origins[source]);
        first.key = match origin {
            Some(origin) if origin.count == reached.len() => format!("{}{rest}", origin.label),
            Some(_) | None => format!("{}{rest}", made.label),
        };
        if origin.is_some_and(|origin| reached.len() < origin.count && origin.span == first.span) {
            first.span = made.entry.clone();
        }
        first
    }

    /// Whether the same is said of two elements of one `each`.
    fn are_twins(&self, one: &Found, other: &Found) -> bool {
        match (self.owner(&one.key), self.owner(&other.key)) {
            (Some((one, rest)), Some((other, inner))) => {
                one.source.is_some() && one.source == other.source && rest == inner
            }
            _ => false,
        }
    }

    /// The element that a key belongs to, and the rest of the key.
    fn owner<'k>(&self, key: &'k str) -> Option<(&Made, &'k str)> {
        let rest_of = |made: &Made| {
            let rest = key.strip_prefix(made.key.as_str())?;
            (rest.is_empty() || rest.starts_with(['.', '['])).then_some(rest)
        };
        let owners = self.made.iter().filter_map(|made| Some((made, rest_of(made)?)));
        owners.max_by_key(|(made, _)| made.key.len())
    }
}
