package domain

import (
	"strings"
	"unicode"
)

// SimilarEnough is PostgreSQL's default pg_trgm.word_similarity_threshold.
const SimilarEnough = 0.6

// WordSimilarity is pg_trgm's word_similarity(query, text): the greatest
// similarity between the trigrams of the query and any continuous run of the
// text's, from 0 to 1 (https://www.postgresql.org/docs/current/pgtrgm.html).
func WordSimilarity(query, text string) float64 {
	wanted := map[string]bool{}
	for _, trigram := range trigrams(query) {
		wanted[trigram] = true
	}
	found := trigrams(text)
	best := 0.0
	for start := range found {
		if !wanted[found[start]] {
			continue
		}
		run, shared := map[string]bool{}, 0
		for _, trigram := range found[start:] {
			if run[trigram] {
				continue
			}
			run[trigram] = true
			if wanted[trigram] {
				shared++
				best = max(best, float64(shared)/float64(len(wanted)+len(run)-shared))
			}
		}
	}
	return best
}

// trigrams of the words of text in order: each word is lower-cased and padded
// with two blanks before and one behind.
func trigrams(text string) []string {
	var all []string
	words := strings.FieldsFunc(strings.ToLower(text), func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r)
	})
	for _, word := range words {
		padded := []rune("  " + word + " ")
		for i := range len(padded) - 2 {
			all = append(all, string(padded[i:i+3]))
		}
	}
	return all
}
