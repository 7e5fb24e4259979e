# Patterns of spatstat's Metropolis-Hastings sampler beside ours: Rscript sampler.R FOLDER
#
# FOLDER holds, from `cargo run --package stipple-points --example sampler_peer`: energy.csv (far edge of each bin in local
# spacings, energy of a pair), ours.csv (x, y of points in a square, one to a unit of area), ours_seconds.csv (moves a point,
# seconds of CPU). spatstat gets the same energy (cif "lookup"), the same square and number of points, only shifts (p = 1),
# and as many proposals a point as ours had, then ten times as many: its shifts go anywhere, ours nearby.
suppressPackageStartupMessages(library(spatstat.random))

folder <- commandArgs(trailingOnly = TRUE)[1]
table_of <- function(name) read.csv(file.path(folder, name))
energy <- table_of("energy.csv")
ours <- table_of("ours.csv")
took <- table_of("ours_seconds.csv")
count <- nrow(ours)
square <- owin(c(0, sqrt(count)), c(0, sqrt(count)))

# Distances to the nearest neighbor of points at least 1.5 spacings from the border.
nearest <- function(pattern) nndist(pattern)[bdist.points(pattern) >= 1.5]

# A wall is one: spatstat asks for it where points attract each other farther off.
strength <- ifelse(energy$energy >= 30, 0, exp(-energy$energy))
model <- rmhmodel(
  cif = "lookup", w = square,
  par = list(beta = 1, r = energy$edge, h = strength)
)
sampled <- function(moves) {
  start <- proc.time()
  pattern <- rmh(
    model, rmhstart(n.start = count),
    rmhcontrol(p = 1, nrep = moves * count, periodic = FALSE, expand = 1, nverb = 0), verbose = FALSE
  )
  used <- proc.time() - start
  list(near = nearest(pattern), seconds = unname(used["user.self"] + used["sys.self"]))
}

own <- nearest(as.ppp(as.matrix(ours), square))
row <- function(name, moves, seconds, near) {
  distance <- if (name == "stipple") 0 else suppressWarnings(ks.test(own, near)$statistic)
  cat(sprintf(
    "| %s | %d | %.3f | %.3f | %.3f | %.3f | %.0f |\n", name, moves, seconds, mean(near), sd(near) / mean(near), distance,
    seconds / took$seconds
  ))
}
cat(sprintf("%d points\n", count))
cat("| sampler | proposals a point | CPU, s | nearest: mean | CV | KS to ours | times our CPU |\n|---|---|---|---|---|---|---|\n")
row("stipple", took$moves, took$seconds, own)
set.seed(1)
for (times in c(1, 10)) {
  theirs <- sampled(times * took$moves)
  row("spatstat", times * took$moves, theirs$seconds, theirs$near)
}
