//! `--shard I/N`: which part of a plan, as the user or the engine of a cluster says.

use std::env;

use crate::experiment::Shard;

/// One part in `of`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct ShardArgument {
    /// Which one, from 1; none: as the engine of the cluster says.
    index: Option<u32>,
    /// How many there are.
    of: u32,
}

/// How an engine numbers the tasks of an array.
struct Engine {
    /// What it is called.
    name: &'static str,
    /// The variable that has the number of a task.
    variable: &'static str,
    /// The number of the first task.
    first: u32,
    /// The variable that says how many tasks there are, where there is one that always does.
    count: Option<&'static str>,
    /// What to ask the engine for, with N for the number of shards.
    remedy: &'static str,
}

/// The engines, the innermost first: HyperQueue runs inside jobs of the others.
///
/// Slurm also counts the tasks of an array, but a resubmission of some of them has fewer: so shards
/// go by the number of the task alone, and arrays begin with 1.
///
/// Documented: HyperQueue, "Task arrays"; Kubernetes, "Indexed Job"; AWS Batch, "Array jobs"; Slurm,
/// "Job Array Support"; read 2026-11.
const ENGINES: [Engine; 4] = [
    Engine {
        name: "HyperQueue",
        variable: "HQ_TASK_ID",
        first: 1,
        count: None,
        remedy: "submit with --array=1-N",
    },
    Engine {
        name: "Kubernetes",
        variable: "JOB_COMPLETION_INDEX",
        first: 0,
        count: None,
        remedy: "set `completions: N` and `completionMode: Indexed`",
    },
    Engine {
        name: "AWS Batch",
        variable: "AWS_BATCH_JOB_ARRAY_INDEX",
        first: 0,
        count: Some("AWS_BATCH_JOB_ARRAY_SIZE"),
        remedy: "submit with --array-properties size=N",
    },
    Engine {
        name: "Slurm",
        variable: "SLURM_ARRAY_TASK_ID",
        first: 1,
        count: None,
        remedy: "submit with --array=1-N",
    },
];

/// Reads `2/7` or `auto/7`.
pub(super) fn parse(text: &str) -> Result<ShardArgument, String> {
    const FORM: &str = "write I/N, such as 2/7, or auto/7 where an engine numbers the tasks";
    let (index, of) = text.split_once('/').ok_or(FORM)?;
    let of = of.trim().parse().map_err(|_| FORM)?;
    if index.trim() == "auto" {
        Shard::new(1, of)?;
        return Ok(ShardArgument { index: None, of });
    }
    let index = index.trim().parse().map_err(|_| FORM)?;
    Shard::new(index, of)?;
    Ok(ShardArgument { index: Some(index), of })
}

impl ShardArgument {
    /// The shard, and the words for who said which.
    ///
    /// # Errors
    /// When no engine says which, or one that there is not.
    pub(super) fn shard(self) -> Result<(Shard, String), String> {
        let read = |variable: &str| env::var(variable).ok();
        let (index, by) = match self.index {
            Some(index) => (index, String::new()),
            None => self.by_engine(&read)?,
        };
        Ok((Shard::new(index, self.of)?, by))
    }

    /// The number of the shard by the first engine that says one.
    fn by_engine(self, read: &dyn Fn(&str) -> Option<String>) -> Result<(u32, String), String> {
        let of = self.of;
        let said = ENGINES.iter().find_map(|engine| Some((engine, read(engine.variable)?)));
        let Some((engine, number)) = said else {
            let variables: Vec<&str> = ENGINES.iter().map(|engine| engine.variable).collect();
            return Err(format!(
                "--shard auto/{of}: no engine numbers this task (none of {} is set); write the \
                 number itself, such as --shard 1/{of}",
                variables.join(", ")
            ));
        };
        let Engine { name, variable, first, count, remedy } = engine;
        let remedy = remedy.replace('N', &of.to_string());
        let wrong = |what: String| format!("--shard auto/{of}: {name} says {what}; {remedy}");
        if let Some((count, tasks)) = count.and_then(|count| Some((count, read(count)?)))
            && tasks != of.to_string()
        {
            return Err(wrong(format!("{count}={tasks}, and there are {of} shards")));
        }
        let index =
            number.parse().ok().and_then(|number: u32| number.checked_add(1)?.checked_sub(*first));
        match index.filter(|index| (1..=of).contains(index)) {
            Some(index) => Ok((index, format!(", by {variable}"))),
            None => Err(wrong(format!(
                "{variable}={number}, and shards are for tasks {first} to {}",
                first + of - 1
            ))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn by(shard: &str, variables: &[(&str, &str)]) -> Result<u32, String> {
        let read = |wanted: &str| {
            let found = variables.iter().find(|(name, _)| *name == wanted);
            found.map(|(_, value)| (*value).to_owned())
        };
        parse(shard).unwrap().by_engine(&read).map(|(index, _)| index)
    }

    #[test]
    fn a_shard_is_one_of_so_many() {
        assert_eq!(parse("2/7"), Ok(ShardArgument { index: Some(2), of: 7 }));
        assert_eq!(parse("auto/7"), Ok(ShardArgument { index: None, of: 7 }));
        assert_eq!(parse("8/7").unwrap_err(), "there is no shard 8 of 7: they go from 1 to 7");
        assert_eq!(parse("0/7").unwrap_err(), "there is no shard 0 of 7: they go from 1 to 7");
        for text in ["2", "2/", "a/7", "-1/7", "auto", "1.5/7", ""] {
            assert!(parse(text).unwrap_err().starts_with("write I/N"), "{text}");
        }
    }

    /// Slurm and HyperQueue arrays are submitted from 1; Kubernetes and AWS Batch count from 0.
    #[test]
    fn each_engine_numbers_the_shards_in_its_way() {
        assert_eq!(by("auto/7", &[("SLURM_ARRAY_TASK_ID", "7")]), Ok(7));
        assert_eq!(by("auto/7", &[("HQ_TASK_ID", "1")]), Ok(1));
        assert_eq!(by("auto/7", &[("JOB_COMPLETION_INDEX", "0")]), Ok(1));
        assert_eq!(by("auto/7", &[("AWS_BATCH_JOB_ARRAY_INDEX", "6")]), Ok(7));
        let batch = [("AWS_BATCH_JOB_ARRAY_INDEX", "6"), ("AWS_BATCH_JOB_ARRAY_SIZE", "7")];
        assert_eq!(by("auto/7", &batch), Ok(7));
        // a worker of HyperQueue that is itself a task of Slurm
        assert_eq!(by("auto/7", &[("SLURM_ARRAY_TASK_ID", "2"), ("HQ_TASK_ID", "5")]), Ok(5));
    }

    #[test]
    fn a_task_that_is_no_shard_is_told_with_what_to_ask_for() {
        let told = |variables: &[(&str, &str)]| by("auto/7", variables).unwrap_err();
        assert_eq!(
            told(&[("SLURM_ARRAY_TASK_ID", "0")]),
            "--shard auto/7: Slurm says SLURM_ARRAY_TASK_ID=0, and shards are for tasks 1 to 7; \
             submit with --array=1-7"
        );
        assert_eq!(
            told(&[("JOB_COMPLETION_INDEX", "7")]),
            "--shard auto/7: Kubernetes says JOB_COMPLETION_INDEX=7, and shards are for tasks 0 to \
             6; set `completions: 7` and `completionMode: Indexed`"
        );
        assert_eq!(
            told(&[("AWS_BATCH_JOB_ARRAY_INDEX", "1"), ("AWS_BATCH_JOB_ARRAY_SIZE", "8")]),
            "--shard auto/7: AWS Batch says AWS_BATCH_JOB_ARRAY_SIZE=8, and there are 7 shards; \
             submit with --array-properties size=7"
        );
        assert_eq!(
            told(&[]),
            "--shard auto/7: no engine numbers this task (none of HQ_TASK_ID, \
             JOB_COMPLETION_INDEX, AWS_BATCH_JOB_ARRAY_INDEX, SLURM_ARRAY_TASK_ID is set); write the \
             number itself, such as --shard 1/7"
        );
    }
}
