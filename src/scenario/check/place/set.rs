//! Names that stand for several places: `[sets]`, and Outposts that are declared by one `each`.

use std::collections::BTreeSet;

use super::{Places, is_free};
use crate::model::SiteIdx;
use crate::scenario::check::Notes;
use crate::scenario::file::{Among, File};
use crate::scenario::tree::Found;
use crate::scenario::value::At;

/// Lets the name of an Outpost with `each` stand for all that it declares.
pub(super) fn groups(file: &File, places: &mut Places, notes: &mut Notes<'_>) {
    for group in file.groups.of(Among::Outposts) {
        let key = format!("outpost.{}.name", group.name.value);
        if is_free(&key, &group.name, places, notes) {
            let sites = group.members.iter().flat_map(|name| places.all(name)).copied();
            let sites = sites.collect();
            places.named.insert(group.name.value.clone(), sites);
        }
    }
}

/// Takes the sets in, each with all places of the sets that it names; warns of those that are not
/// in `named`.
pub(super) fn read(
    file: &File,
    named: &BTreeSet<&str>,
    places: &mut Places,
    notes: &mut Notes<'_>,
) {
    let mut reader = Reader { file, places, notes, way: Vec::new() };
    for (name, members) in file.sets.iter().flatten() {
        reader.set(name);
        if !named.contains(name.as_str()) {
            let key = format!("sets.{name}");
            let message = "nothing names this set";
            reader.notes.warn(Found::new(key, members.span.clone(), message));
        }
    }
}

struct Reader<'r, 'n, 'f> {
    file: &'f File,
    places: &'r mut Places,
    notes: &'r mut Notes<'n>,
    /// Sets on the way to the one that is being read, outermost first.
    way: Vec<&'f str>,
}

impl<'f> Reader<'_, '_, 'f> {
    /// Reads one set, after those that it names.
    fn set(&mut self, name: &'f str) {
        let Some(members) = self.members(name).filter(|_| !self.places.sets.contains(name)) else {
            return;
        };
        let key = format!("sets.{name}");
        let taken = At { value: name.to_owned(), span: members.span.clone() };
        // A name that is taken keeps its place, so that nothing else follows from it.
        let free = is_free(&key, &taken, self.places, self.notes);
        if members.value.is_empty() {
            let found = Found::new(key.as_str(), members.span.clone(), "the list is empty");
            self.notes.wrong(found.help("such as `[\"us-east-1\", \"us-west-2\"]`"));
        }
        self.way.push(name);
        let mut sites: Vec<SiteIdx> = Vec::new();
        for member in &members.value {
            if self.way.contains(&member.value.as_str()) {
                let way: Vec<&str> = self.way.iter().copied().chain([&*member.value]).collect();
                let message = format!("a set cannot hold itself: {}", way.join(" → "));
                self.notes.wrong(Found::new(key.as_str(), member.span.clone(), message));
                continue;
            }
            self.set(&member.value);
            for site in self.places.all(&member.value) {
                if !sites.contains(site) {
                    sites.push(*site);
                }
            }
        }
        self.way.pop();
        if free {
            self.places.named.insert(name.to_owned(), sites);
        }
        self.places.sets.insert(name.to_owned());
    }

    fn members(&self, name: &str) -> Option<&'f At<Vec<At<String>>>> {
        self.file.sets.as_ref()?.get(name)
    }
}
