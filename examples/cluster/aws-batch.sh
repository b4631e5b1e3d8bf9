#!/usr/bin/env bash
# One shard of a sweep per child of an AWS Batch array job, and a job that merges them.
#
#     IMAGE=… FILE_SYSTEM=fs-… QUEUE=… bash examples/cluster/aws-batch.sh my.toml 16
#
# IMAGE has the program (see Containerfile), FILE_SYSTEM is an EFS file system with the scenario in its
# root, QUEUE a job queue of a compute environment that reaches it. It needs the AWS CLI, version 2.
set -euo pipefail
scenario=${1:?the scenario, by its path on the file system}
shards=${2:?the number of shards, 2 to 10,000}
: "${IMAGE:?}" "${FILE_SYSTEM:?}" "${QUEUE:?}"
name=$(basename "$scenario" .toml)
here=$(dirname -- "${BASH_SOURCE[0]}")

definition=$(sed -e "s|IMAGE|$IMAGE|" -e "s|FILE_SYSTEM|$FILE_SYSTEM|" "$here/aws-batch.json")
revision=$(aws batch register-job-definition --cli-input-json "$definition" \
    --query jobDefinitionArn --output text)

# submit NAME ARGUMENTS… -- OPTIONS…: submits a job with the arguments of the program, gives its ID.
submit() {
    local job=$1 arguments=() command
    shift
    while [[ $1 != -- ]]; do
        arguments+=("$1")
        shift
    done
    shift
    command=$(printf ', "%s"' "${arguments[@]}")
    aws batch submit-job --job-name "$job" --job-queue "$QUEUE" --job-definition "$revision" \
        --container-overrides "{\"command\": [${command:2}]}" --query jobId --output text "$@"
}

array=$(submit "snapferry-$name" run "/results/$scenario" --quiet --shard "auto/$shards" \
    --out "/results/$name.shards" --threads 2 -- --array-properties "size=$shards")
merge=$(submit "snapferry-$name-merge" merge "/results/$name.shards" --out "/results/$name" \
    -- --depends-on "jobId=$array")
echo "shards: job $array; merge: job $merge; results: $name on $FILE_SYSTEM"
