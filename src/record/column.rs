//! The one table of columns: name, unit, type, and meaning feed the files and the documentation.

use std::fmt::Write as _;

mod shared;
mod rows;
mod results;
mod compared;
mod worst;

/// Type of a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Words.
    Text,
    /// A whole number.
    Integer,
    /// A decimal number.
    Decimal,
    /// `true` or `false`.
    Boolean,
    /// A moment in RFC 3339.
    Moment,
}

impl Kind {
    /// The word for it in the documentation.
    pub const fn name(self) -> &'static str {
        match self {
            Kind::Text => "text",
            Kind::Integer => "integer",
            Kind::Decimal => "decimal",
            Kind::Boolean => "boolean",
            Kind::Moment => "moment",
        }
    }
}

/// One column of a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Column {
    /// Its name; the suffix is its unit.
    pub name: &'static str,
    /// Unit in words, empty for none.
    pub unit: &'static str,
    /// Its type.
    pub kind: Kind,
    /// What it says.
    pub meaning: &'static str,
}

/// One file of the output folder.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Table {
    /// Name of the file.
    pub file: &'static str,
    /// What a row is.
    pub row: &'static str,
    /// Its columns, in order.
    pub columns: &'static [Column],
    /// Whether the axes of a sweep follow the first column, each as a text named after its key.
    pub has_axes: bool,
}

impl Table {
    /// The header: the names of the columns, with those of `axes` where the table has them.
    pub fn header<'n>(&self, axes: &'n [String]) -> Vec<&'n str> {
        let axes = if self.has_axes { axes } else { &[] };
        let (first, rest) = self.columns.split_at(1);
        let names = |columns: &'static [Column]| columns.iter().map(|column| column.name);
        names(first).chain(axes.iter().map(String::as_str)).chain(names(rest)).collect()
    }
}

/// All files.
pub static TABLES: &[Table] = &[
    Table {
        file: "summary.csv",
        row: "one measure of one scope at one design point",
        columns: results::SUMMARY,
        has_axes: true,
    },
    Table {
        file: "targets.csv",
        row: "one target at one design point",
        columns: results::TARGETS,
        has_axes: true,
    },
    Table {
        file: "promises.csv",
        row: "one target in one scope that it covers, or for one application at one destination, at one \
              design point",
        columns: results::PROMISES,
        has_axes: true,
    },
    Table {
        file: "runs.csv",
        row: "one measure of one scope in one run",
        columns: results::RUNS,
        has_axes: true,
    },
    Table {
        file: "target_runs.csv",
        row: "one target in one run",
        columns: results::TARGET_RUNS,
        has_axes: true,
    },
    Table {
        file: "copies.csv",
        row: "one snapshot copy, from due to its end",
        columns: rows::COPIES,
        has_axes: false,
    },
    Table {
        file: "images.csv",
        row: "one image copy, from due to its end",
        columns: rows::IMAGES,
        has_axes: false,
    },
    Table {
        file: "events.csv",
        row: "one event as EventBridge receives it; the line of the same number in `events.jsonl` has \
              it in full",
        columns: rows::EVENTS,
        has_axes: false,
    },
    Table {
        file: "rpo.csv",
        row: "the recovery points of one volume at one destination in one run",
        columns: rows::RPO,
        has_axes: false,
    },
    Table {
        file: "distribution.csv",
        row: "the share of copies that have arrived by one time after being due",
        columns: results::DISTRIBUTION,
        has_axes: false,
    },
    Table {
        file: "rpo_over_time.csv",
        row: "the age of recovery points at one moment after the start",
        columns: results::RPO_OVER_TIME,
        has_axes: false,
    },
    Table {
        file: "links.csv",
        row: "the use of one link in one bin of 5 minutes",
        columns: results::SERIES,
        has_axes: false,
    },
    Table {
        file: "quotas.csv",
        row: "the use of one quota, or of the slots of one destination, in one bin of 5 minutes",
        columns: results::SERIES,
        has_axes: false,
    },
    Table {
        file: "precision.csv",
        row: "one thing that is to be known well enough at one design point",
        columns: results::PRECISION,
        has_axes: true,
    },
    Table {
        file: "assumptions.csv",
        row: "one target with one assumption flipped",
        columns: results::ASSUMPTIONS,
        has_axes: false,
    },
    Table {
        file: "parameters.csv",
        row: "one parameter in force, at the first design point",
        columns: results::PARAMETERS,
        has_axes: false,
    },
    Table {
        file: "limits.csv",
        row: "what lifting one limit does to one measure of one scope; none where no copy was late",
        columns: results::LIMITS,
        has_axes: false,
    },
    Table {
        file: "worst.csv",
        row: "one of the ten worst copies of the first design point, all runs together, with the same \
              run again without the limit that cost it most",
        columns: worst::WORST,
        has_axes: false,
    },
    Table {
        file: "stretches.csv",
        row: "a stretch in the life of a copy in `worst.csv`, from due to its end; those of one copy \
              follow one another without a gap, and add up to its times by cause",
        columns: worst::STRETCHES,
        has_axes: false,
    },
    Table {
        file: "confirmed.csv",
        row: "one target at the best point of a sweep, as chosen and on fresh draws; none where no \
              point meets",
        columns: results::CONFIRMED,
        has_axes: true,
    },
    Table {
        file: "solve.csv",
        row: "one target at one value of what `solve` is asked for",
        columns: results::SOLVE,
        has_axes: true,
    },
    Table {
        file: "flows.csv",
        row: "one flow of a flow-level scenario, in order of the input",
        columns: rows::FLOWS,
        has_axes: false,
    },
    Table {
        file: "differences.csv",
        row: "one target, or one measure of one scope, of two sides that are compared",
        columns: compared::DIFFERENCES,
        has_axes: false,
    },
    Table {
        file: "moved.csv",
        row: "one of the copies that move most from one side to the other",
        columns: compared::MOVED,
        has_axes: false,
    },
];

/// The table of a file.
pub fn table(file: &str) -> Option<&'static Table> {
    TABLES.iter().find(|table| table.file == file)
}

/// All tables as Markdown, for the documentation: a heading and a table of columns for each file.
pub fn columns_markdown() -> String {
    let mut out = String::new();
    for table in TABLES {
        write_table(&mut out, table).expect("a string takes all that is written");
    }
    out
}

fn write_table(out: &mut String, table: &Table) -> std::fmt::Result {
    if !out.is_empty() {
        out.push('\n');
    }
    write!(out, "### `{}`\n\nOne row is {}.", table.file, table.row)?;
    if table.has_axes {
        let first = table.columns[0].name;
        write!(out, " In a sweep, a column for each axis follows `{first}`.")?;
    }
    out.push_str("\n\n| column | unit | type | meaning |\n|---|---|---|---|\n");
    for Column { name, unit, kind, meaning } in table.columns {
        writeln!(out, "| `{name}` | {unit} | {} | {meaning} |", kind.name())?;
    }
    Ok(())
}

const fn column(
    name: &'static str,
    unit: &'static str,
    kind: Kind,
    meaning: &'static str,
) -> Column {
    Column { name, unit, kind, meaning }
}

const fn text(name: &'static str, meaning: &'static str) -> Column {
    column(name, "", Kind::Text, meaning)
}

const fn count(name: &'static str, meaning: &'static str) -> Column {
    column(name, "", Kind::Integer, meaning)
}

const fn boolean(name: &'static str, meaning: &'static str) -> Column {
    column(name, "", Kind::Boolean, meaning)
}

/// A moment; the name ends in `_utc`.
const fn moment(name: &'static str, meaning: &'static str) -> Column {
    column(name, "UTC", Kind::Moment, meaning)
}

/// A length of time; the name ends in `_s`.
const fn seconds(name: &'static str, meaning: &'static str) -> Column {
    column(name, "s", Kind::Decimal, meaning)
}

/// An amount of data; the name is, or ends in, `bytes`.
const fn bytes(name: &'static str, meaning: &'static str) -> Column {
    column(name, "bytes", Kind::Integer, meaning)
}

/// A quota in whole bytes per second; the name ends in `_bytes_per_s`.
const fn bytes_per_s(name: &'static str, meaning: &'static str) -> Column {
    column(name, "bytes/s", Kind::Integer, meaning)
}

/// An amount of money; the name ends in `_usd`.
const fn usd(name: &'static str, meaning: &'static str) -> Column {
    column(name, "USD", Kind::Decimal, meaning)
}

/// A decimal number in the unit that another column names, or in none.
const fn number(name: &'static str, unit: &'static str, meaning: &'static str) -> Column {
    column(name, unit, Kind::Decimal, meaning)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::catalog::Cause;

    #[test]
    fn files_and_the_columns_of_each_have_names_of_their_own() {
        let files: BTreeSet<&str> = TABLES.iter().map(|table| table.file).collect();
        assert_eq!(files.len(), TABLES.len());
        for table in TABLES {
            let names: BTreeSet<&str> = table.columns.iter().map(|column| column.name).collect();
            assert_eq!(names.len(), table.columns.len(), "{}", table.file);
        }
    }

    /// The suffix is the unit (module of records): `_utc`, `_s`, `bytes`, `_bytes_per_s`, `_usd`.
    #[test]
    fn the_suffix_of_a_column_is_its_unit() {
        let suffixes = [
            ("UTC", "_utc"),
            ("s", "_s"),
            ("bytes", "bytes"),
            ("bytes/s", "_bytes_per_s"),
            ("USD", "_usd"),
        ];
        for column in TABLES.iter().flat_map(|table| table.columns) {
            for (unit, suffix) in suffixes {
                let is_longer = unit == "s" && column.unit == "bytes/s";
                let has_suffix = column.name.ends_with(suffix) && !is_longer;
                assert_eq!(column.unit == unit, has_suffix, "{}: {}", column.name, column.unit);
            }
            assert_eq!(column.kind == Kind::Moment, column.unit == "UTC", "{}", column.name);
        }
    }

    #[test]
    fn causes_stand_in_order_in_each_table_that_has_them() {
        let names = Cause::ALL.map(|cause| format!("{}_s", cause.name()));
        for (file, behind) in [("copies.csv", 0), ("moved.csv", 0), ("worst.csv", 4)] {
            let columns: Vec<&str> =
                table(file).unwrap().columns.iter().rev().map(|column| column.name).collect();
            let causes = columns[behind..].iter().take(names.len()).rev();
            assert!(causes.eq(names.iter()), "{file}");
        }
    }

    #[test]
    fn axes_follow_the_first_column_where_a_table_has_them() {
        let axes = ["limits.quota".to_owned(), "fleet.db.volumes".to_owned()];
        let header = table("summary.csv").unwrap().header(&axes);
        assert_eq!(header[..4], ["point", "limits.quota", "fleet.db.volumes", "scope"]);
        assert_eq!(table("rpo.csv").unwrap().header(&axes)[..2], ["point", "replication"]);
        assert_eq!(table("copy.csv"), None);
    }

    #[test]
    fn the_documentation_shows_every_column() {
        let shown = columns_markdown();
        for column in TABLES.iter().flat_map(|table| table.columns) {
            assert!(shown.contains(&format!("| `{}` |", column.name)), "{}", column.name);
        }
        let runs = &shown[shown.find("### `runs.csv`").unwrap()..];
        insta::assert_snapshot!(&runs[..runs.find("\n### `t").unwrap()], @r"
        ### `runs.csv`

        One row is one measure of one scope in one run. In a sweep, a column for each axis follows `point`.

        | column | unit | type | meaning |
        |---|---|---|---|
        | `point` |  | integer | design point, from 0 |
        | `replication` |  | integer | replication, from 0 |
        | `scope` |  | text | what is measured: all, a fleet, or `fleet → destination` |
        | `measure` |  | text | name of the measure |
        | `unit` |  | text | unit of the values of this row; empty: none |
        | `value` |  | decimal | value in this run |
        | `at_least` |  | boolean | whether unfinished copies can only raise it |
        | `n` |  | integer | copies, batches, or samples behind it |
        ");
    }

    #[test]
    fn headers_are_what_scripts_rely_on() {
        let headers: Vec<String> = TABLES
            .iter()
            .map(|table| format!("{}: {}", table.file, table.header(&[]).join(",")))
            .collect();
        insta::assert_snapshot!(headers.join("\n"), @r"
        summary.csv: point,scope,measure,unit,mean,low_95,high_95,p50,p95,p99,pooled,at_least,reason,n_runs,n
        targets.csv: point,target,kind,promised_share,share,low_95,high_95,bound_95,worst_s,verdict,reason,n_runs,n,n_missed,n_open
        promises.csv: point,target,kind,scope,application,promised_share,share,low_95,high_95,bound_95,worst_s,verdict,reason,n_runs,n,n_missed,n_open,breaks_first,n_scopes
        runs.csv: point,replication,scope,measure,unit,value,at_least,n
        target_runs.csv: point,replication,target,share,n,n_missed,n_open
        copies.csv: point,replication,fleet,volume,snapshot,again,from,to,account,time_based,incremental,full_because,outcome,refusal,attempts,due_utc,recovery_point_utc,asked_utc,accepted_utc,transfer_began_utc,deadline_utc,ended_utc,bytes,moved_bytes,required_bytes_per_s,granted_bytes_per_s,met_duration,blame,on_time,surcharge_usd,transfer_usd,billed_by,billed_duration_s,snapshot_s,window_s,throttled_s,slot_s,backoff_s,client_queue_s,same_source_s,start_up_s,quota_s,own_cap_s,standard_cap_s,outage_s,link_s,paced_s
        images.csv: point,replication,fleet,image,release,again,from,to,account,outcome,refusal,attempts,n_snapshots,bytes,due_utc,accepted_utc,ended_utc,met_duration,on_time
        events.csv: point,replication,time_utc,detail_type,result,cause,fleet,item,account,region,resource,source,started_utc,clock_started_utc,incremental,transfer_type,missed
        rpo.csv: point,replication,fleet,volume,application,to,n_points,mean_s,worst_s,worst_at_utc,without_s,limit_s,past_limit_s,peak_s,interval_s,window_s,snapshot_s,waiting_s,transfer_s
        distribution.csv: point,scope,time_s,share,lowest,highest
        rpo_over_time.csv: point,scope,offset_s,median_s,median_low_s,median_high_s,worst_s,worst_low_s,worst_high_s
        links.csv: point,series,kind,bin_start_utc,week_offset_s,mean,p95,limit,unit
        quotas.csv: point,series,kind,bin_start_utc,week_offset_s,mean,p95,limit,unit
        precision.csv: point,scope,measure,unit,mean,half_width_95,wanted_half_width,reached,n_replications,n_runs
        assumptions.csv: switch,about,in_force,flip,target,base_share,flipped_share,base_verdict,flipped_verdict,turns,n_runs
        parameters.csv: group,parameter,key,value,default,origin,source,date,about,low,high,range_reason,touched
        limits.csv: limit,place,scope,measure,unit,as_is,lifted,difference,low_95,high_95,in_time_share,fewer_late_share,n_late,n_runs
        worst.csv: point,rank,replication,fleet,volume,snapshot,to,due_utc,ended_utc,outcome,completion_s,limit_s,late_s,broke,bytes,required_bytes_per_s,granted_bytes_per_s,incremental,snapshot_s,window_s,throttled_s,slot_s,backoff_s,client_queue_s,same_source_s,start_up_s,quota_s,own_cap_s,standard_cap_s,outage_s,link_s,paced_s,lifted,lifted_place,lifted_completion_s,lifted_broke
        stretches.csv: point,rank,from_utc,until_utc,cause,link,rate_bytes_per_s
        confirmed.csv: point,target,kind,promised_share,chosen_share,chosen_verdict,share,low_95,high_95,bound_95,verdict,reason,chosen_cost_usd,cost_usd,seed,n_runs,n,n_missed
        solve.csv: point,as_written,target,share,low_95,high_95,verdict,meets,cost_usd,chosen,beside,fresh_share,fresh_low_95,fresh_high_95,fresh_verdict,narrow,place,interval_s,due_bytes,fits_bytes,n_runs
        flows.csv: id,arrival_s,bytes,finished_s
        differences.csv: kind,scope,measure,unit,mean_a,mean_b,difference,low_95,high_95,variance_ratio,pairing,at_least,reason,turned_late,turned_in_time,n_a,n_b
        moved.csv: rank,replication,fleet,volume,to,due_utc,took_a_s,took_b_s,moved_s,cause,snapshot_s,window_s,throttled_s,slot_s,backoff_s,client_queue_s,same_source_s,start_up_s,quota_s,own_cap_s,standard_cap_s,outage_s,link_s,paced_s
        ");
    }
}
