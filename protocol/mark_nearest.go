package protocol

// Nearest is the valid word that a misspelt one most likely meant: the one with the
// smallest edit distance (Levenshtein 1966, with neighbours swapped counting as one
// edit), the first of words on a tie. It is "" when nothing is near: when more than a
// third of the word, and more than two letters, would have to change.
func Nearest(word string, words []string) string {
	best, bestDistance := "", max(2, len(word)/3)+1
	for _, candidate := range words {
		if d := editDistance(word, candidate); d < bestDistance {
			best, bestDistance = candidate, d
		}
	}
	return best
}

// editDistance counts inserted, deleted, replaced and swapped letters (optimal string
// alignment), in three rows.
func editDistance(a, b string) int {
	before, above, row := make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range above {
		above[j] = j
	}
	for i := range len(a) {
		row[0] = i + 1
		for j := range len(b) {
			row[j+1] = min(above[j+1]+1, row[j]+1, above[j]+differ(a[i], b[j]))
			if i > 0 && j > 0 && a[i] == b[j-1] && a[i-1] == b[j] {
				row[j+1] = min(row[j+1], before[j-1]+1)
			}
		}
		before, above, row = above, row, before
	}
	return above[len(b)]
}

func differ(a, b byte) int {
	if a == b {
		return 0
	}
	return 1
}
