package domain

const alphanumeric = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"

// RandomText is n letters and digits; pick draws a number below its argument.
func RandomText(n int, pick func(n int) int) string {
	text := make([]byte, n)
	for i := range text {
		text[i] = alphanumeric[pick(len(alphanumeric))]
	}
	return string(text)
}

// RandomDigits is n decimal digits.
func RandomDigits(n int, pick func(n int) int) string {
	text := make([]byte, n)
	for i := range text {
		text[i] = "0123456789"[pick(10)]
	}
	return string(text)
}
