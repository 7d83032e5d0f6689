// Command celgo answers conditions by cel-go's partial evaluation: one JSON case a line in, one JSON answer a line out.
// A case is {"expr", "vars", "unknown"}: unknown names fields of the variable account. {"$time": ms} is a time.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"log"
	"os"
	"time"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/types"
)

type testCase struct {
	Expr    string         `json:"expr"`
	Vars    map[string]any `json:"vars"`
	Unknown []string       `json:"unknown"`
}

type answer struct {
	Value   any    `json:"value,omitempty"`
	Unknown bool   `json:"unknown,omitempty"`
	Error   string `json:"error,omitempty"`
}

func main() {
	env, err := cel.NewEnv(
		cel.Variable("account", cel.MapType(cel.StringType, cel.DynType)),
		cel.Variable("now", cel.TimestampType),
	)
	if err != nil {
		log.Fatal(err)
	}
	in := bufio.NewScanner(os.Stdin)
	in.Buffer(nil, 1<<24)
	out := json.NewEncoder(os.Stdout)
	for in.Scan() {
		if err := out.Encode(judge(env, in.Bytes())); err != nil {
			log.Fatal(err)
		}
	}
	if err := in.Err(); err != nil {
		log.Fatal(err)
	}
}

func judge(env *cel.Env, line []byte) answer {
	var c testCase
	if err := json.Unmarshal(line, &c); err != nil {
		return answer{Error: err.Error()}
	}
	ast, issues := env.Compile(c.Expr)
	if issues.Err() != nil {
		return answer{Error: issues.Err().Error()}
	}
	program, err := env.Program(ast, cel.EvalOptions(cel.OptPartialEval))
	if err != nil {
		return answer{Error: err.Error()}
	}
	var patterns []*cel.AttributePatternType
	for _, field := range c.Unknown {
		patterns = append(patterns, cel.AttributePattern("account").QualString(field))
	}
	vars, err := cel.PartialVars(celValue(c.Vars).(map[string]any), patterns...)
	if err != nil {
		return answer{Error: err.Error()}
	}
	value, _, err := program.Eval(vars)
	if err != nil {
		return answer{Error: err.Error()}
	}
	if types.IsUnknown(value) {
		return answer{Unknown: true}
	}
	if truth, ok := value.Value().(bool); ok {
		return answer{Value: truth}
	}
	return answer{Error: fmt.Sprintf("not a truth value: %v", value)}
}

func celValue(value any) any {
	switch v := value.(type) {
	case float64:
		return int64(v)
	case []any:
		out := make([]any, len(v))
		for i, item := range v {
			out[i] = celValue(item)
		}
		return out
	case map[string]any:
		if ms, ok := v["$time"].(float64); ok && len(v) == 1 {
			return time.UnixMilli(int64(ms)).UTC()
		}
		out := make(map[string]any, len(v))
		for key, item := range v {
			out[key] = celValue(item)
		}
		return out
	default:
		return v
	}
}
