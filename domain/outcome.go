package domain

// SignInOutcome is how a trip to the OpenID provider ended.
type SignInOutcome string

// The outcomes of trips. Silent ones that find nobody count as SignInNobody.
const (
	SignInKnown   SignInOutcome = "signed_in"
	SignInNew     SignInOutcome = "signed_up"
	SignInNobody  SignInOutcome = "nobody"
	SignInRefused SignInOutcome = "refused" // by the provider, or by our rules
	SignInFailed  SignInOutcome = "failed"  // the provider or we are at fault
)

// CallOutcome is how a call of another system ended.
type CallOutcome string

// The outcomes of calls.
const (
	CallDone    CallOutcome = "ok"
	CallAbsent  CallOutcome = "absent" // there is no such thing, often rightly
	CallRefused CallOutcome = "refused"
	CallDown    CallOutcome = "down"
	CallSlow    CallOutcome = "slow"
)
