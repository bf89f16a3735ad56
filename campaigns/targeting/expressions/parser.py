"""Text to nodes, by precedence climbing; every refusal names its place.

From loosest to tightest: or, and, not, comparison, ||, + and -, * and / and %, sign.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.utils.translation import gettext as _

from campaigns.targeting.expressions.nodes import (
    Call,
    Case,
    Node,
    Number,
    Operation,
    Path,
    Text,
    Truth,
    Variable,
    children,
)
from campaigns.targeting.expressions.places import ExpressionError
from campaigns.targeting.expressions.tokens import Kind, Token, tokens_of
from campaigns.targeting.problems import shown

MAX_NODES = 500
MAX_DEPTH = 50

COMPARISONS = ("=", "<>", "!=", "<", "<=", ">", ">=")
_WORDS = ("or", "and", "not", "case", "when", "then", "else", "end", "true", "false", "null")
_LEVELS: tuple[tuple[str, ...], ...] = (("||",), ("+", "-"), ("*", "/", "%"))


def parse_expression(text: str) -> Node:
    """The expression as a tree; raises ExpressionError."""
    parser = _Parser(tokens_of(text))
    node = parser.whole()
    parser.expect_end()
    _check_depth(node)
    return node


def _check_depth(root: Node) -> None:
    """Chains such as a + b + c nest too, to the left, without the parser going deeper."""
    waiting = [(root, 1)]
    while waiting:
        node, depth = waiting.pop()
        if depth > MAX_DEPTH:
            raise _too_deep(node.at)
        waiting += [(child, depth + 1) for child in children(node)]


def _too_deep(at: int) -> ExpressionError:
    message = _("The expression is nested more than %(most)d levels deep.") % {"most": MAX_DEPTH}
    return ExpressionError(at, "too_deep", message, _("Move a part of it into an enrichment."))


class _Parser:
    def __init__(self, tokens: list[Token]) -> None:
        self._tokens = tokens
        self._next = 0
        self._nodes = 0
        self._depth = 0

    def whole(self) -> Node:
        with self._deeper():
            return self._alternatives()

    def expect_end(self) -> None:
        if self._peek.kind is not Kind.END:
            raise self._unexpected(_("Put an operator before it, or remove it."))

    # --- operators

    def _alternatives(self) -> Node:
        return self._joined("or", lambda: self._joined("and", self._negation))

    def _joined(self, word: str, operand: Callable[[], Node]) -> Node:
        operands, at = [operand()], self._peek.at
        while self._peek.is_word(word):
            self._take()
            operands.append(operand())
        return operands[0] if len(operands) == 1 else self._counted(Operation(at, word, tuple(operands)))

    def _negation(self) -> Node:
        if not self._peek.is_word("not"):
            return self._comparison()
        at = self._take().at
        with self._deeper():
            return self._counted(Operation(at, "not", (self._negation(),)))

    def _comparison(self) -> Node:
        node = self._level(0)
        if not self._peek.is_sign(*COMPARISONS):
            return node
        token = self._take()
        sign = "<>" if token.text == "!=" else token.text
        node = self._counted(Operation(token.at, sign, (node, self._level(0))))
        if self._peek.is_sign(*COMPARISONS):
            raise self._unexpected(_("Join comparisons with “and”."))
        return node

    def _level(self, level: int) -> Node:
        if level == len(_LEVELS):
            return self._signed()
        node = self._level(level + 1)
        while self._peek.is_sign(*_LEVELS[level]):
            token = self._take()
            node = self._counted(Operation(token.at, token.text, (node, self._level(level + 1))))
        return node

    def _signed(self) -> Node:
        if not self._peek.is_sign("-", "+"):
            return self._operand()
        token = self._take()
        with self._deeper():
            operand = self._signed()
        return operand if token.text == "+" else self._counted(Operation(token.at, "negate", (operand,)))

    # --- operands

    def _operand(self) -> Node:
        token = self._peek
        match token.kind:
            case Kind.NUMBER:
                return self._counted(Number(self._take().at, token.text))
            case Kind.TEXT:
                return self._counted(Text(self._take().at, token.text))
            case Kind.VARIABLE:
                return self._counted(Variable(self._take().at, token.text))
            case Kind.CARRIED:
                return self._counted(Path(self._take().at, (token.text,)))
            case Kind.NAME | Kind.QUOTED:
                return self._named()
        if token.is_sign("("):
            return self._bracketed()
        raise self._unexpected(_("A value belongs here: an attribute, a number, a 'text' or a function."))

    def _bracketed(self) -> Node:
        self._take()
        node = self.whole()
        self._expect(")")
        return node

    def _named(self) -> Node:
        token = self._take()
        if token.kind is Kind.NAME and token.text.lower() in _WORDS:
            return self._word(token)
        if token.kind is Kind.NAME and self._peek.is_sign("("):
            return self._counted(Call(token.at, token.text, self._arguments()))
        steps = [token.text]
        while self._peek.is_sign("."):
            self._take()
            steps.append(self._step())
        return self._counted(Path(token.at, tuple(steps)))

    def _step(self) -> str:
        if self._peek.kind not in (Kind.NAME, Kind.QUOTED):
            raise self._unexpected(_("Name a field or a link after the dot."))
        return self._take().text

    def _word(self, token: Token) -> Node:
        word = token.text.lower()
        if word in ("true", "false"):
            return self._counted(Truth(token.at, word == "true"))
        if word == "case":
            return self._case_call(token) if self._peek.is_sign("(") else self._case_words(token)
        if word == "null":
            remedy = _("Leave out “Else”, or ask with IsEmptyString.")
            raise ExpressionError(token.at, "null", _("There is no word for empty."), remedy)
        message = _("“%(word)s” is a word of the language.") % {"word": shown(token.text)}
        remedy = _("Put it in [brackets] where it is the name of a field.")
        raise ExpressionError(token.at, "reserved", message, remedy)

    def _arguments(self) -> tuple[Node, ...]:
        self._expect("(")
        found: list[Node] = []
        if not self._peek.is_sign(")"):
            found.append(self.whole())
        while self._peek.is_sign(","):
            self._take()
            found.append(self.whole())
        self._expect(")")
        return tuple(found)

    # --- Case

    def _case_words(self, start: Token) -> Node:
        """CASE WHEN a THEN b … ELSE c END."""
        branches = []
        while self._peek.is_word("when"):
            self._take()
            condition = self.whole()
            self._expect_word("then")
            branches.append((condition, self.whole()))
        otherwise = None
        if branches and self._peek.is_word("else"):
            self._take()
            otherwise = self.whole()
        if not branches:
            raise self._unexpected(_("Write: Case When condition Then value Else value End."))
        self._expect_word("end")
        return self._counted(Case(start.at, tuple(branches), otherwise))

    def _case_call(self, start: Token) -> Node:
        """Case(When(a, b), …, Else(c))."""
        self._take()
        branches = [self._when()]
        otherwise = None
        while self._peek.is_sign(",") and otherwise is None:
            self._take()
            if self._peek.is_word("else"):
                otherwise = self._otherwise()
            else:
                branches.append(self._when())
        self._expect(")")
        return self._counted(Case(start.at, tuple(branches), otherwise))

    def _when(self) -> tuple[Node, Node]:
        self._expect_word("when")
        at = self._peek.at
        pair = self._arguments()
        if len(pair) != 2:  # noqa: PLR2004 - a condition and its value
            raise ExpressionError(
                at, "wrong_arity", _("When takes a condition and a value."), _("Give both.")
            )
        return pair[0], pair[1]

    def _otherwise(self) -> Node:
        self._take()
        at = self._peek.at
        values = self._arguments()
        if len(values) != 1:
            raise ExpressionError(at, "wrong_arity", _("Else takes one value."), _("Give one value."))
        return values[0]

    # --- tokens

    @property
    def _peek(self) -> Token:
        return self._tokens[self._next]

    def _take(self) -> Token:
        token = self._tokens[self._next]
        self._next += token.kind is not Kind.END
        return token

    def _expect(self, sign: str) -> None:
        if not self._peek.is_sign(sign):
            raise self._unexpected(_("“%(sign)s” belongs here.") % {"sign": sign})
        self._take()

    def _expect_word(self, word: str) -> None:
        if not self._peek.is_word(word):
            raise self._unexpected(_("“%(sign)s” belongs here.") % {"sign": word.capitalize()})
        self._take()

    def _unexpected(self, remedy: str) -> ExpressionError:
        token = self._peek
        if token.kind is Kind.END:
            return ExpressionError(token.at, "unfinished", _("The expression ends too early."), remedy)
        message = _("“%(text)s” cannot stand here.") % {"text": shown(token.text)}
        return ExpressionError(token.at, "unexpected", message, remedy)

    # --- limits

    def _counted(self, node: Node) -> Node:
        self._nodes += 1
        if self._nodes > MAX_NODES:
            message = _("The expression has more than %(most)d parts.") % {"most": MAX_NODES}
            raise ExpressionError(node.at, "too_large", message, _("Move a part of it into an enrichment."))
        return node

    @contextmanager
    def _deeper(self) -> Iterator[None]:
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise _too_deep(self._peek.at)
        try:
            yield
        finally:
            self._depth -= 1
