#!/bin/bash
# A campaign of ten million seeds as an array of 64 jobs, and the merge of its shards.
#
#   job=$(sbatch --parsable slurm.sh)
#   sbatch --dependency=afterany:$job --wrap 'simrun merge shards --out merged'
#
#SBATCH --job-name=simrun-fuzz
#SBATCH --array=0-63
#SBATCH --cpus-per-task=2
#SBATCH --mem=1G
#SBATCH --time=02:00:00
#SBATCH --requeue

# SLURM_ARRAY_TASK_ID, _COUNT and _MIN say which shard this is; after a requeue it resumes.
exec simrun fuzz --resume --seeds 0:10000000 -j "$SLURM_CPUS_PER_TASK" --out "shards/$SLURM_ARRAY_TASK_ID"
