//! Accounts: the one without a name, and those that the scenario declares.

use std::collections::BTreeMap;

use super::place::{Places, element};
use super::{Notes, limits};
use crate::model::{Account, Limits};
use crate::scenario::file::File;
use crate::scenario::problem::did_you_mean;
use crate::scenario::tree::Found;
use crate::scenario::value::At;

/// Name of the account that everything belongs to which names none.
const UNNAMED: &str = "own";

/// The accounts of a scenario.
#[derive(Debug)]
pub(super) struct Accounts {
    /// The accounts, the one without a name first.
    pub(super) accounts: Vec<Account>,
    /// What each name stands for: one account, or all of a group.
    named: BTreeMap<String, Vec<usize>>,
}

impl Accounts {
    /// The accounts that a fleet or a copy rule names; `default` where it names none.
    pub(super) fn all(
        &self,
        key: &str,
        written: Option<&At<String>>,
        default: &[usize],
        notes: &mut Notes<'_>,
    ) -> Vec<usize> {
        let Some(at) = written else { return default.to_vec() };
        if let Some(found) = self.named.get(&at.value) {
            return found.clone();
        }
        let names = self.named.keys().map(String::as_str);
        let help = did_you_mean(&at.value, names)
            .unwrap_or_else(|| format!("declare it: `[[account]]` with name = \"{}\"", at.value));
        let message = format!("there is no account `{}`", at.value);
        notes.wrong(Found::new(format!("{key}.account"), at.span.clone(), message).help(help));
        default.to_vec()
    }

    /// The one account that owns what is copied.
    pub(super) fn owner(
        &self,
        key: &str,
        written: Option<&At<String>>,
        notes: &mut Notes<'_>,
    ) -> usize {
        let all = self.all(key, written, &[0], notes);
        if let (Some(at), 2..) = (written, all.len()) {
            let message = format!("`{}` stands for {} accounts", at.value, all.len());
            let help = format!("name one of them: `{}`", self.accounts[all[0]].name);
            notes.wrong(Found::new(format!("{key}.account"), at.span.clone(), message).help(help));
        }
        all[0]
    }
}

impl Accounts {
    /// Takes in accounts that logs name by their ids, with the limits that all have in common.
    pub(super) fn also(&mut self, ids: impl IntoIterator<Item = String>) {
        for id in ids {
            if !self.named.contains_key(&id) {
                self.named.insert(id.clone(), vec![self.accounts.len()]);
                let limits = self.accounts[0].limits.clone();
                self.accounts.push(Account { name: id, limits });
            }
        }
    }

    /// The account of an id in a log; the one without a name where nothing is called so.
    pub(super) fn of_id(&self, id: &str) -> usize {
        self.named.get(id).map_or(0, |all| all[0])
    }
}

/// The account that everything belongs to which names none.
pub(super) fn unnamed(limits: Limits) -> Account {
    Account { name: UNNAMED.to_owned(), limits }
}

/// Reads the accounts.
pub(super) fn read(file: &File, places: &Places, notes: &mut Notes<'_>) -> Accounts {
    let common = limits::read(file, places, notes);
    let accounts = vec![unnamed(common.clone())];
    let mut accounts = Accounts { accounts, named: BTreeMap::new() };
    for (at, written) in file.account.iter().flatten().enumerate() {
        let Some(name) = &written.value.name else { continue };
        let key = element("account", at, Some(name));
        let limits = match &written.value.limits {
            None => common.clone(),
            Some(own) => {
                let key = format!("{key}.limits");
                limits::over(common.clone(), (&key, &own.value), places, notes)
            }
        };
        let names = match &written.value.count {
            None => vec![name.value.clone()],
            Some(count) => (1..=count.value).map(|n| format!("{}-{n:02}", name.value)).collect(),
        };
        let taken = |name: &&String| *name == UNNAMED || accounts.named.contains_key(*name);
        if let Some(twice) = names.iter().chain([&name.value]).find(taken) {
            let message = format!("there is an account `{twice}` already");
            notes.wrong(Found::new(format!("{key}.name"), name.span.clone(), message));
            continue;
        }
        let first = accounts.accounts.len();
        for (place, member) in (first..).zip(&names) {
            let account = Account { name: member.clone(), limits: limits.clone() };
            accounts.accounts.push(account);
            accounts.named.insert(member.clone(), vec![place]);
        }
        accounts.named.insert(name.value.clone(), (first..accounts.accounts.len()).collect());
    }
    accounts
}

/// Warns of declared accounts that nothing belongs to.
pub(super) fn unused(file: &File, used: &[bool], accounts: &Accounts, notes: &mut Notes<'_>) {
    for (at, written) in file.account.iter().flatten().enumerate() {
        let Some(name) = &written.value.name else { continue };
        let Some(group) = accounts.named.get(&name.value) else { continue };
        if notes.found.is_empty() && group.iter().all(|account| !used[*account]) {
            let key = element("account", at, Some(name));
            notes.warn(
                Found::new(key, name.span.clone(), "nothing belongs to this account")
                    .help("fleets and copy rules name it: `account = \"…\"`"),
            );
        }
    }
}
