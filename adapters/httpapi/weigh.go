package httpapi

// What a JSON text may hold: no honest one comes near.
const (
	maxValues = 1000 // names of members count too
	maxDepth  = 64
	maxNumber = 4300 // digits, as many as the reference reads
)

var (
	errTooManyValues = badRequest("JSON parse error - too many values")
	errTooDeep       = badRequest("JSON parse error - nested too deeply")
	errLongNumber    = badRequest("JSON parse error - a number is too long")
)

// weigh counts the values of a JSON text before they become values in memory,
// where "{}," takes a hundred times its length. It does not tell whether the
// text is well formed.
func weigh(text []byte) (values int, err error) {
	depth := 0
	for i := 0; i < len(text); i++ {
		switch b := text[i]; {
		case b == '{' || b == '[':
			values++
			depth++
		case b == '}' || b == ']':
			depth--
			continue
		case b == '"':
			values++
			i = endOfString(text, i)
		case b == '-' || b >= '0' && b <= '9' || b >= 'a' && b <= 'z':
			values++
			start := i
			for i+1 < len(text) && wordByte(text[i+1]) {
				i++
			}
			if i-start >= maxNumber {
				return values, errLongNumber
			}
		default:
			continue
		}
		switch {
		case values > maxValues:
			return values, errTooManyValues
		case depth > maxDepth:
			return values, errTooDeep
		}
	}
	return values, nil
}

// endOfString is the index of the quote that ends the string which begins at
// start, or of the last byte.
func endOfString(text []byte, start int) int {
	for i := start + 1; i < len(text); i++ {
		switch text[i] {
		case '\\':
			i++
		case '"':
			return i
		}
	}
	return len(text) - 1
}

func wordByte(b byte) bool {
	return b == '-' || b == '+' || b == '.' || b >= '0' && b <= '9' || b >= 'a' && b <= 'z' || b >= 'A' && b <= 'Z'
}
