//! The cheapest assignment of a small group.

/// For every row one of its columns or none, no column twice, at the least sum; `rows` hold (column, cost below zero),
/// and none costs nothing.
///
/// # Cost
/// O(rows² · (rows + columns)).
///
/// # Source
/// Shortest augmenting paths [@Jonker1987].
pub(super) fn cheapest(rows: &[&[(usize, f64)]]) -> Vec<Option<usize>> {
    let mut columns: Vec<usize> = rows.iter().flat_map(|row| row.iter().map(|pair| pair.0)).collect();
    columns.sort_unstable();
    columns.dedup();
    if let [row] = rows {
        let best = row.iter().copied().reduce(|best, pair| if pair.1 < best.1 { pair } else { best });
        return vec![best.map(|pair| pair.0)];
    }
    // After the true columns every row has one of its own that stands for none.
    let width = columns.len() + rows.len();
    let costs: Vec<Vec<f64>> = rows
        .iter()
        .enumerate()
        .map(|(k, row)| {
            let mut own = vec![f64::INFINITY; width];
            for (column, cost) in *row {
                own[columns.partition_point(|c| c < column)] = *cost;
            }
            own[columns.len() + k] = 0.0;
            own
        })
        .collect();
    let taken = augmented(&costs, width);
    let mut all = vec![None; rows.len()];
    for (column, row) in taken.iter().enumerate().take(columns.len()) {
        if let Some(row) = row {
            all[*row] = Some(columns[column]);
        }
    }
    all
}

/// The row of each column: rows enter one after the other, each by the shortest way over those that must move.
fn augmented(costs: &[Vec<f64>], width: usize) -> Vec<Option<usize>> {
    let (mut of_row, mut of_column) = (vec![0.0; costs.len()], vec![0.0; width]);
    let mut taken: Vec<Option<usize>> = vec![None; width];
    for new in 0..costs.len() {
        let (mut way, mut from) = (vec![f64::INFINITY; width], vec![None; width]);
        let mut is_done = vec![false; width];
        let (mut row, mut at): (usize, Option<usize>) = (new, None);
        let mut length = 0.0;
        let end = loop {
            for column in (0..width).filter(|c| !is_done[*c]) {
                let step = length + costs[row][column] - of_row[row] - of_column[column];
                if step < way[column] {
                    (way[column], from[column]) = (step, at);
                }
            }
            let open = (0..width).filter(|c| !is_done[*c]);
            let next =
                open.reduce(|best, c| if way[c] < way[best] { c } else { best }).expect("none is free");
            (length, is_done[next]) = (way[next], true);
            match taken[next] {
                Some(other) => (row, at) = (other, Some(next)),
                None => break next,
            }
        };
        of_row[new] += length;
        for column in (0..width).filter(|c| is_done[*c] && *c != end) {
            let rest = length - way[column];
            of_column[column] -= rest;
            of_row[taken[column].expect("only the end was free")] += rest;
        }
        let mut column = end;
        while let Some(before) = from[column] {
            taken[column] = taken[before];
            column = before;
        }
        taken[column] = Some(new);
    }
    taken
}

#[cfg(test)]
mod tests {
    use super::*;
    use stipple_quantity::Seed;

    /// Least sum by trying everything.
    fn least(rows: &[&[(usize, f64)]], used: &mut Vec<usize>) -> f64 {
        let Some((row, rest)) = rows.split_first() else { return 0.0 };
        let mut best = least(rest, used);
        for (column, cost) in *row {
            if !used.contains(column) {
                used.push(*column);
                best = best.min(cost + least(rest, used));
                used.pop();
            }
        }
        best
    }

    #[test]
    fn as_cheap_as_the_best_of_all() {
        for item in 0..200 {
            let mut draw = Seed(9).stream("test", item);
            let rows: Vec<Vec<(usize, f64)>> = (0..1 + draw.below(6))
                .map(|_| {
                    let near = (0..6).filter(|_| draw.uniform() < 0.5).collect::<Vec<_>>();
                    near.into_iter().map(|column| (column * 3, -draw.uniform())).collect()
                })
                .collect();
            let rows: Vec<&[(usize, f64)]> = rows.iter().map(Vec::as_slice).collect();
            let all = cheapest(&rows);
            let mut sum = 0.0;
            for (row, column) in rows.iter().zip(&all) {
                sum += column.map_or(0.0, |c| row.iter().find(|pair| pair.0 == c).expect("its own").1);
            }
            let mut used: Vec<usize> = all.iter().flatten().copied().collect();
            used.sort_unstable();
            assert!(used.windows(2).all(|w| w[0] != w[1]), "no column twice");
            assert!((sum - least(&rows, &mut Vec::new())).abs() < 1e-9, "{sum} of {rows:?}");
        }
    }
}
