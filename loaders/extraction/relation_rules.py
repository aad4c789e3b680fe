"""Relations as patterns over sentences with slots (`loaders.extraction.slots`), as one table per topic.

Groups of a pattern: `a` the subjects, `b` the objects, `role`, `q` the amount, `share`, `former` marks a
past role, `lead` a lead investor. A rule without group `b` (or `a`) takes the sentence's focus for it.
"""

import re
from dataclasses import dataclass
from typing import Final

from kb.ontology import Derivation, RelationType
from loaders.extraction.roles import FOUNDER, ROLE
from loaders.extraction.slots import pattern

_R = RelationType


@dataclass(frozen=True, slots=True)
class RelationRule:
    """One way of saying a relation; `confidence` is the prior share of right findings.

    `verbal` rules hang on a verb that may be negated, planned or reported; the others state a relation
    in passing (`OpenAI's CEO`), which no verb around them touches.
    """

    predicate: RelationType
    pattern: re.Pattern[str]
    confidence: float
    verbal: bool = True
    how: Derivation | None = None
    lead: bool = False

    @property
    def needs(self) -> frozenset[str]:
        """The letters of slots without which the pattern cannot match."""
        return frozenset(letters for letters in _NAMED.findall(self.pattern.pattern) if len(letters) == 1)


_NAMED: Final = re.compile(r"\(\?P<[ab]><\[([A-Z]+)\]")
_AUX: Final = (
    r"(?: (?:has|have|had|is|was|were|are|also|just|recently|will|would|since|once|now|itself|later|first|then|only|to"
    r"|be|been|being|already|jointly|not|did|does|do|never|wanted|wants|agreed|agrees|plans|planned|hopes|said it"
    r"|set|ready|preparing|reportedly|officially|publicly|today|yesterday|quietly|being|has not|it|had wanted|expects"
    r"|separately|earlier|previously|initially))*"
)
_INS: Final = r"(?:, (?:(?:which|who|an?|the) )?[^;:]{3,70}?,)?"
_THE: Final = r"(?:(?:the|an?|its|their|our|his|her) )?"
_GAP: Final = r"(?:[\w.,-]+ ){0,4}"
_ADJ: Final = r"(?:[\w-]+ ){0,3}"


def _rule(
    predicate: RelationType,
    source: str,
    confidence: float,
    *,
    verbal: bool = True,
    how: Derivation | None = None,
    lead: bool = False,
) -> RelationRule:
    filled = (
        source.replace("AUX", _AUX)
        .replace("THE ", _THE)
        .replace("INS", _INS)
        .replace("GAP ", _GAP)
        .replace("ADJ ", _ADJ)
    )
    filled = filled.replace("ROLE", f"(?P<role>{ROLE})").replace("FOUNDER", FOUNDER)
    return RelationRule(predicate, pattern(filled, ignore_case=False), confidence, verbal, how, lead)


_FORMER: Final = r"(?P<former>(?:former|ex-|previous|then-)\s?)?"
PEOPLE: Final = (
    _rule(_R.WORKS_FOR, rf"(?P<void><P\d+>,? )?{_FORMER}{{b:C}}(?:'s)? {_FORMER.replace('former>', 'former2>')}(?:FOUNDER and )?(?:new |long-time )?ROLE,? {{a:P}}", 0.93, verbal=False),
    _rule(_R.WORKS_FOR, rf"{{a:P}},? (?:\(\d+\),? )?(?:who (?:is|was) |is |was |the |an? |{_FORMER})*{_FORMER.replace('former>', 'former3>')}(?:FOUNDER and )?ROLE(?: and FOUNDER)?(?: (?:of|at|for|with|in)|,) {_THE}(?:[a-z-]+ ){{0,3}}{{b:C}}", 0.92, verbal=False),
    _rule(_R.WORKS_FOR, rf"{{a:P}}(?:,| is| remains| became)+ (?:still |now )?{{b:C}}'s (?:FOUNDER and )?ROLE", 0.92, verbal=False),
    _rule(_R.WORKS_FOR, r"{b:C}'s {a:P}(?!'s)", 0.72, verbal=False),
    _rule(_R.WORKS_FOR, r"{a:P}, (?:the |its )(?:FOUNDER and )?ROLE(?:,| and| said)", 0.7, verbal=False),
    _rule(_R.WORKS_FOR, r"{a:P}, an? (?P<role>(?:company )?spokes(?:person|man|woman))", 0.75, verbal=False),
    _rule(_R.WORKS_FOR, r"{a:P}(?:, [^<>]{3,60},)? shares the (?:post|role|title|job) of ROLE with {a2:P}", 0.8, verbal=False),
    _rule(_R.WORKS_FOR, r"(?<!>\s)(?<!'s\s)(?:FOUNDER and )?ROLE {a:P}", 0.68, verbal=False),
    _rule(_R.WORKS_FOR, r"{a:Ps}(?:, who [^.;]{3,70}?,)?(?: are)?AUX (?:joined|rejoined|works? (?:at|for)|worked (?:at|for)|joins|moved to|going back to|return(?:ed|ing|s)? to|going to work for) {b:C}", 0.8),
    _rule(_R.WORKS_FOR, r"{b:C}AUX (?:hired|poached|recruited|appointed|rehired|lured|named) {a:Ps}", 0.85),
    _rule(_R.WORKS_FOR, r"{a:P}(?:,)? (?:who )?(?:also |now )?(?:leads|heads|runs|oversees) {b:C}", 0.8, verbal=False),
    _rule(_R.WORKS_FOR, r"{a:P}(?:,)? (?:who )?(?P<former>left|quit|departed|led|headed|resigned from|ran|worked at|worked for) (?:as )?{b:C}", 0.8, verbal=False),
    _rule(_R.WORKS_FOR, r"{a:P}(?:, [^<>]{0,30})? (?P<former>resigned|stepped down|quit) as (?:its )?ROLE", 0.8, verbal=False),
    _rule(_R.WORKS_FOR, r"{a:P}, [^<>]{0,40}(?:takes over|took over|steps in|has filled in) (?:for (?:him|her|<P\d+>) )?as (?:the )?ROLE", 0.8, verbal=False),
    _rule(_R.WORKS_FOR, r"{a:P}[^.;]{0,110}?(?:, who| and) (?:is|has been|became|remains) (?:still |now )?{b:C}'s ROLE", 0.8, verbal=False),
    _rule(_R.WORKS_FOR, r"{b:C},? (?:is |was )?(?:led|headed|run) by (?:ROLE )?{a:P}", 0.85, verbal=False),
    _rule(_R.WORKS_FOR, r"(?:by|from|says|said) {a:P} (?:of|at|from) {b:C}", 0.75, verbal=False),
    _rule(_R.FOUNDED, r"{a:Ps}(?:, (?:<Z\d+>|[^<>,]{1,30})(?: years old)?(?=,))?,? (?:who |that )?(?:\w+ ){0,2}(?:co-?)?(?:founded|started|set up|established|launched) (?:the )?(?:[a-z-]+ ){0,4}{b:C}", 0.92),
    _rule(_R.FOUNDED, r"{b:C} {a:P} (?:co-?)?(?:founded|started|set up)", 0.9),
    _rule(_R.FOUNDED, r"{b:C},? (?:which |that )?(?:was |is |had been )?(?:co-?)?(?:founded|started|set up|established|launched) (?:in [^<>]{0,25})?by (?:[a-z-]+ ){0,4}{a:Ps}", 0.92),
    _rule(_R.FOUNDED, r"{a:Ps},? (?:is |was |are |who is |a |an |the |both |one of the )*(?:[a-z-]+ ){0,2}FOUNDERs?(?: and (?:[A-Za-z-]+ ){0,4})? ?(?:of|at) (?:the )?(?:[a-z-]+ ){0,3}{b:C}", 0.9, verbal=False),
    _rule(_R.FOUNDED, r"{b:C}(?:'s)? (?:[a-z-]+ ){0,2}FOUNDERs?(?: and (?:[A-Za-z-]+ ){1,4}|,)? ?{a:Ps}", 0.9, verbal=False),
    _rule(_R.FOUNDED, r"{a:Ps}(?: and (?:an?|the) (?:second|other|third) FOUNDER)? (?:and [a-z ]+)?FOUNDERs? of {b:C}", 0.85, verbal=False),
    _rule(_R.FOUNDED, r"{a:P} (?:\w+ ){0,4}to (?:co-?)?(?:found|start|launch|set up) {b:C}", 0.88),
    _rule(_R.FOUNDED, r"(?:found|founded|started|set up|start) {b:C}(?: in [^<>]{0,20})? (?:together )?with {a:Ps}", 0.88, verbal=False),
    _rule(_R.FOUNDED, r"(?:founded|started|set up|established) {b:C}[^<>:]{0,20}: {a:Ps}", 0.9, verbal=False),
    _rule(_R.FOUNDED, r"{a:P}(?: \([^()]*\))?, one of {b:C}'s (?:[a-z-]+ )?FOUNDERs", 0.88, verbal=False),
    _rule(_R.FOUNDED, r"{a:P}, (?:the |one of its |one of the |its )?FOUNDERs?(?:,| and| said|\.)", 0.72, verbal=False),
    _rule(_R.FOUNDED, r"(?<!'s\s)(?<!>\s)(?<!\w\s)(?:FOUNDER|Founder|Co-founder) {a:P}", 0.7, verbal=False),
)  # fmt: skip

_RELEASED: Final = (
    "released|launched|unveiled|developed|trained|introduced|announced|published|open-sourced|brought out|built|created"
    "|rolled out|shipped|makes|made|releasing|releases|publishes|presented|debuted|develops|develop|release|launch"
    "|unveil|introduce|announces|unveils|launches|introduces|builds|trains|open-sources|put out"
)
MAKING: Final = (
    _rule(_R.DEVELOPS, r"{a:C}'s (?!rival|competitor|answer|customers|partners)(?:(?!rival|competitor)[\w-]+,? ){0,6}{b:Ms}", 0.9, verbal=False),
    _rule(_R.DEVELOPS, r"{a:C} {b:M}", 0.85, verbal=False),
    _rule(_R.DEVELOPS, r"{b:M}, {a:C}'s (?:[\w-]+ ){0,3}(?:famil(?:y|ies)|series|models?|LLM)", 0.9, verbal=False),
    _rule(_R.DEVELOPS, r"{b:M}[^<>.]{0,30}, (?:just |recently |newly )?(?:published|released|launched|unveiled|developed|made|built) by {a:C}", 0.86),
    _rule(_R.DEVELOPS, rf"{{a:C}}INSAUX (?:{_RELEASED}) (?:(?:[\w.,-]+ ){{0,6}})(?:called |named )?{{b:Ms}}", 0.88),
    _rule(_R.DEVELOPS, r"{b:Ms},? (?:which |that )?(?:[a-z]+ ){0,4}(?:developed|released|made|created|trained|built|published|announced|introduced|launched|unveiled|shown [a-z ]{0,25}) (?:on [A-Z]\w+ )?by (?:the )?(?:<C\d+>'s )?{a:Cs}", 0.9),
    _rule(_R.DEVELOPS, r"{b:M} \({a:C}\)", 0.85, verbal=False),
    _rule(_R.DEVELOPS, r"{b:M},? (?:which comes |a model |models? )?(?:from|of|by) {a:C}", 0.85, verbal=False),
    _rule(_R.DEVELOPS, r"{a:C},? (?:the |an? )?(?:[\w-]+ ){0,3}(?:maker|developer|creator|company behind|lab behind)s? (?:of|behind)? ?(?:the )?(?:[a-z-]+ ){0,2}{b:Ms}", 0.9, verbal=False),
    _rule(_R.DEVELOPS, r"{b:M},? (?:just |newly |recently )?(?:which |that )?{a:C}AUX (?:released|launched|unveiled|brought out|published|introduced)", 0.88),
    _rule(_R.DEVELOPS, r"{b:M}, which {a:C}, [^<>.]{0,40}, (?:released|launched|unveiled|brought out|published|introduced)", 0.85),
    _rule(_R.DEVELOPS, r"(?:model|models|LLM)(?: with [a-z ]{3,20})?, which {a:C} (?:released|published|launched)", 0.6),
    _rule(_R.DEVELOPS, r"{a:C} does with {b:M}(?: \([^()]*\))?(?: and {b2:M})?", 0.85, verbal=False),
    _rule(_R.DEVELOPS, r"{a:C}'s (?:[\w-]+ ){0,8}(?:of|for) the {b:Ms} (?:series|family|models?)", 0.8, verbal=False),
    _rule(_R.DEVELOPS, r"{a:C}[^<>。,,]{0,8}(?:公布|發布|发布|推出|釋出|开源|開源|发表)[了的]? ?{b:M}", 0.85, verbal=False),
    _rule(_R.OFFERS, r"{a:C}'s (?!rival|competitor|answer|customers|partners)(?:(?!rival|competitor)[\w-]+,? ){0,4}{b:Ds}", 0.9, verbal=False),
    _rule(_R.OFFERS, r"{a:C},? (?:the |an? )?(?:[\w-]+ ){0,3}(?:maker|developer|creator|company behind|owner|operator|lab behind|firm behind)s? ?(?:of|behind)? (?:the )?(?:popular |hit |[a-z-]+ ){0,2}{b:Ds}", 0.9, verbal=False),
    _rule(_R.OFFERS, r"{b:D} (?:maker|developer|creator|owner|parent) {a:C}", 0.9, verbal=False),
    _rule(_R.OFFERS, rf"{{a:C}}INSAUX,? (?:that |which )?(?:{_RELEASED}|runs|run|operates|offers|sells|owns) (?:(?:[\w.,-]+ ){{0,5}})(?:called |named )?{{b:Ds}}", 0.86),
    _rule(_R.OFFERS, r"{a:C}, (?:the |an? )[\w -]{3,30} (?:that|which) (?:runs|operates|makes|offers|sells|built|owns) (?:the )?(?:[a-z-]+ )?{b:Ds}", 0.9, verbal=False),
    _rule(_R.OFFERS, r"{b:Ds},? (?:(?:is |was )?an? [\w -]{3,30} )?(?:which |that )?(?:is |was |are |were )?(?:developed|released|made|created|run|built|operated|offered|launched|owned|introduced) by (?:the )?(?:[\w-]+ |<N\d+> ){0,4}{a:Cs}", 0.9),
    _rule(_R.OFFERS, r"{a:C}, known for {b:Ds}", 0.9, verbal=False),
    _rule(_R.OFFERS, r"{b:D}, (?:its|the company's|the firm's) ", 0.6, verbal=False),
    _rule(_R.OFFERS, r"{b:D} (?:of|from|by) {a:C}", 0.8, verbal=False),
    _rule(_R.OFFERS, r"{a:C} {b:D}", 0.8, verbal=False),
    _rule(_R.OFFERS, r"{b:D}, {a:C}'s (?:[\w-]+ ){0,4}(?:app|chatbot|assistant|tool|platform|service|browser|product|environment|help)", 0.85, verbal=False),
    _rule(_R.POWERED_BY, r"{a:D}(?:,| \([^()]*\))? ?(?:which |that )?(?:is |was |are |now )*(?:powered by|runs? on|ran on|running on|built on|based on|driven by|underpinned by|relies on) (?:the )?(?:[\w'-]+ ){0,4}{b:Ms}", 0.88),
    _rule(_R.POWERED_BY, r"{b:M},? (?:which |that |the model (?:that|which) )?(?:powers|drives|underlies|underpins|is behind) (?:the )?(?:[\w'-]+ ){0,3}{a:Ds}", 0.88),
    _rule(_R.RELEASE_OF, r"{a:M},? (?:is )?(?:the|an?) (?:[\w-]+ ){0,3}(?:version|release|iteration|member|generation|addition|update) (?:of|in|to) (?:the |its )?{b:M}", 0.85, verbal=False),
    _rule(_R.DERIVED_FROM, r"{a:M},? (?:[a-z]+ ){0,4}(?:fine-?tuned?|finetuned?|fine-tuning|post-trained|further trained|built on top|built) (?:version |variant |edition )?(?:of|from|on|over) (?:the |[\w']+ ){0,2}{b:Ms}", 0.85, how=Derivation.FINE_TUNED),
    _rule(_R.DERIVED_FROM, r"{a:M},? (?:[\w]+ ){0,4}(?:based|adapted|derived) (?:on|from) (?:the |[\w']+ ){0,2}{b:Ms}", 0.75, how=Derivation.FINE_TUNED),
    _rule(_R.DERIVED_FROM, r"{a:M},? (?:[\w]+ ){0,4}(?:distilled|distillation) (?:version )?(?:of|from) (?:the |[\w']+ ){0,2}{b:Ms}", 0.85, how=Derivation.DISTILLED),
    _rule(_R.DERIVED_FROM, r"{a:M},? (?:[\w]+ ){0,4}(?:quanti[sz]ed) (?:version )?(?:of|from) (?:the |[\w']+ ){0,2}{b:Ms}", 0.85, how=Derivation.QUANTISED),
    _rule(_R.DERIVED_FROM, r"{a:M},? (?:[\w,-]+ ){0,14}(?:used |trained on |using )(?:the )?outputs? (?:of|from) (?:<C\d+>'s )?{b:M}", 0.8, how=Derivation.TRAINED_ON_OUTPUTS),
    _rule(_R.DERIVED_FROM, r"{a:M},? (?:[\w]+ ){0,4}(?:a )?merge[d]? (?:of|from) {b:Ms}", 0.8, how=Derivation.MERGED),
)  # fmt: skip

_BUY: Final = "acquired|bought|purchased|snapped up|took over|acquires|buys|acquire|buy|purchase|buying|acquiring|take over|swallowed"
_PRICE: Final = (
    r"(?: (?:in a deal (?:worth|valued at|valuing it at)|for|at|in an? [\w-]+ deal for)(?: an?)? {q:Q})?"
)
_COMPETE: Final = r"(?:rival|competitor|challenger)"
DEALS: Final = (
    _rule(_R.ACQUIRED, rf"{{a:C}}INSAUX (?:{_BUY}) (?:the |an? )?(?:[a-z-]+ ){{0,3}}(?:start-?up |company |firm |maker )?{{b:CDs}}{_PRICE}", 0.9),
    _rule(_R.ACQUIRED, rf"{{b:CD}},? (?:[\w-]+ ){{0,5}}(?:that|which) {{a:C}}AUX (?:{_BUY}){_PRICE}", 0.9),
    _rule(_R.ACQUIRED, rf"{{b:CD}},? (?:which )?(?:was|were|is|are|has been|had been|been|being|to be| )*(?:acquired|bought|purchased|taken over|snapped up) (?:last \w+ |earlier [a-z ]{{0,15}})?by {{a:C}}{_PRICE}", 0.9),
    _rule(_R.ACQUIRED, r"{a:C}'s (?:planned |proposed |{q:Q} |recent |[\w-]+ ){0,3}(?:acquisition|purchase|takeover|buyout) of {b:CDs}", 0.9),
    _rule(_R.ACQUIRED, r"{a:C}AUX (?:completed|closed|announced|finalised|finalized|signed|struck|signs|agrees?) (?:its |an?|the |a deal )?(?:[\w-]+ ){0,3}(?:acquisition|purchase|takeover|buyout|deal) (?:of|for|to buy|to acquire) {b:CDs}", 0.85),
    _rule(_R.ACQUIRED, r"{a:C} (?P<bid>offered|bid|made an offer of|made a bid of) {q:Q} for {b:CD}", 0.8),
    _rule(_R.ACQUIRED, r"{a:C} paid {q:Q} for {b:CD}", 0.88),
    _rule(_R.INVESTED_IN, r"{a:CPs}AUX (?:invested|poured|put|pumped|invests|invest) (?:an? |another |more than )?(?:(?:total of )?{q:Q} )?(?:[a-z]+ )?(?:in|into) {b:C}(?!'s)", 0.9),
    _rule(_R.INVESTED_IN, r"{b:C}, (?:<P\d+>|an? [\w -]{3,40}) in which {a:CPs}AUX invested", 0.88),
    _rule(_R.INVESTED_IN, r"{b:C},? (?:[\w-]+ ){0,5}(?:in which) {a:CPs}AUX invested", 0.85),
    _rule(_R.INVESTED_IN, r"{b:C},? (?:which is |that is |is |are |an? [\w-]+(?: [\w-]+)? )?(?:already |also )?(?:backed|funded|supported)(?:, among others,)? by {a:CPs}", 0.9),
    _rule(_R.INVESTED_IN, r"(?P<a><C\d+>)-backed (?:[\w-]+ ){0,3}{b:C}", 0.92, verbal=False),
    _rule(_R.INVESTED_IN, r"(?:round|raise|financing|funding|investment|Series [A-H]|raised [^<>]{0,12}<Q\d+>)[^<>.]{0,60} (?:led|co-led|backed|headed)(?:, among others,)? (?:jointly )?by {a:CPs}", 0.88, lead=True),
    _rule(_R.INVESTED_IN, r"(?:backers|investors|shareholders)(?: in the (?:round|company))?,? (?:include|included|including|such as|like|are|were|led by) {a:CPs}", 0.85),
    _rule(_R.INVESTED_IN, r"(?:with )?participation (?:from|by|of) {a:CPs}", 0.85),
    _rule(_R.INVESTED_IN, r"{a:CPs}AUX (?:took part|participated|came in|joined the round|joined in|chipped in|among the (?:backers|investors))", 0.85),
    _rule(_R.INVESTED_IN, r"{a:CPs} (?:among the (?:backers|investors))", 0.8, verbal=False),
    _rule(_R.INVESTED_IN, r"{a:Cs},? (?:have |has |jointly |co-)?(?:led|co-led) (?:an? |the |its )(?:\w+ )?(?:{q:Q} |<Q\d+> |funding |seed |\w+ )*(?:round|Series|financing|investment)", 0.87, lead=True),
    _rule(_R.INVESTED_IN, r"{a:C}(?: of <N\d+>)? was in the lead", 0.8, lead=True),
    _rule(_R.INVESTED_IN, r"(?:[Ii]nvestors|group|consortium)(?: \w+){0,3} led by {a:CPs}", 0.85, lead=True),
    _rule(_R.INVESTED_IN, r"{a:C} is (?:another|also an?|an?) (?:[a-z]+ )?(?:backer|investor|shareholder)", 0.85, verbal=False),
    _rule(_R.INVESTED_IN, r"(?:came|comes|coming|money) from {a:CPs}", 0.72),
    _rule(_R.INVESTED_IN, r"(?:joined (?:them|the round|in)(?: later)?) (?:were|was|are) {a:CPs}", 0.8),
    _rule(_R.INVESTED_IN, r"{a:Cs}(?:,)? and other (?:shareholders|investors|backers)", 0.8, verbal=False),
    _rule(_R.INVESTED_IN, r"won over {a:CPs}", 0.7, verbal=False),
    _rule(_R.INVESTED_IN, r"{a:CP}AUX (?:bought|acquired|took|taken|holds|owns|hold|own|has|purchased) (?:an? |about |roughly )*{share:Z}(?: stake (?:in|of)| of) {b:C}(?:'s)?(?: for {q:Q})?", 0.88),
    _rule(_R.PARTNER_OF, r"{a:C} (?:and|with) {b:C}(?:,)? (?:have |has |are |AUX)?(?:partnered|team(?:ed)? up|partner|announced a partnership|signed (?:an? )?(?:\w+ ){0,4}(?:deal|agreement|partnership))", 0.85),
    _rule(_R.PARTNER_OF, r"{a:C}AUX (?:partnered|partners|teams? up|teamed up|collaborated|collaborates|works? together|joined forces|signed (?:an? )?(?:[\w-]+ ){0,4}(?:deal|agreement|partnership|contract)|struck (?:an? )?(?:[\w-]+ ){0,4}(?:deal|agreement|partnership)|(?:announced |formed )?an? (?:[\w-]+ ){0,3}(?:partnership|alliance)) with {b:Cs}", 0.86),
    _rule(_R.PARTNER_OF, r"(?:partnership|alliance|collaboration|licensing deal|licensing agreement|deal) between {a:C} and {b:C}", 0.85),
    _rule(_R.PARTNER_OF, r"{a:C}'s (?:[\w-]+ ){0,3}(?:partnership|alliance|collaboration|licensing deal|agreement) with {b:Cs}", 0.86),
    _rule(_R.PARTNER_OF, r"{a:C}[^<>.]{0,40} paid <Q\d+> for an? licen[sc]e (?:to|of) the technology of {b:C}", 0.8),
    _rule(_R.PARTNER_OF, r"{a:C}[^<>.;]{0,30}(?:licens(?:es?|ed|ing)|pay for the right to use) {b:C}'s (?:[\w-]+ ){0,3}(?:models?|technology)", 0.75),
    _rule(_R.COMPETES_WITH, rf"{{a:CD}}'s (?:[\w-]+ ){{0,4}}{_COMPETE}s?(?: is| are| such as| like| including|,|:)?(?: the)?(?: [\w-]+-backed)? {{b:CDs}}", 0.88, verbal=False),
    _rule(_R.COMPETES_WITH, rf"{{a:CD}}'s (?:[\w-]+ ){{0,4}}{_COMPETE} is (?:<C\d+>-backed ){{b:CDs}}", 0.88, verbal=False),
    _rule(_R.COMPETES_WITH, rf"{{a:C}} {_COMPETE} {{b:C}}", 0.88, verbal=False),
    _rule(_R.COMPETES_WITH, rf"{{a:CD}},? (?:is |are )?(?:an? |the |another )?(?:[\w-]+ ){{0,3}}{_COMPETE}s? (?:of|to) {{b:CDs}}", 0.88, verbal=False),
    _rule(_R.COMPETES_WITH, rf"(?<!the\s){_COMPETE}s?(?:,)? (?:such as|like|including|are|include) {{b:CDs}}", 0.75, verbal=False),
    _rule(_R.COMPETES_WITH, r"{a:CD}AUX (?:competes?|competing|competed|rivals?|takes? on|take on|vies|vying|go(?:es)? up against|challenges?) (?:directly )?(?:with |against )?{b:CDs}(?!'s? (?:\w+ )?(?:founder|model))", 0.82),
    _rule(_R.COMPETES_WITH, rf"{{b:CD}},? (?:another|<C\d+>'s|an? local) (?:[\w-]+ ){{0,3}}{_COMPETE}(?! (?:of|to))", 0.78, verbal=False),
    _rule(_R.COMPETES_WITH, rf"(?:another|big|main|biggest|closest|fiercest) (?:[\w-]+ ){{0,2}}{_COMPETE}:? {{b:CD}}", 0.75, verbal=False),
    _rule(_R.COMPETES_WITH, r"hopes? to (?:match|rival|beat|catch up with) {b:Cs}", 0.72, verbal=False),
    _rule(_R.COMPETES_WITH, rf"{_COMPETE}s {{a:CD}} and {{b:CD}}", 0.8, verbal=False),
    _rule(_R.COMPETES_WITH, r"{a:C} hopes? to (?:match|rival|beat|catch up with) {b:Cs}", 0.8, verbal=False),
    _rule(_R.SUBSIDIARY_OF, r"{a:C},? (?:which is |is )?(?:an? |the |now )*(?:[\w-]+ )?(?:wholly owned )?(?:subsidiary|unit|division|arm|part) of {b:C}", 0.9, verbal=False),
    _rule(_R.SUBSIDIARY_OF, r"{a:C}(?:,| is)+ (?:an? |the )?{b:C}(?:'s)? (?:subsidiary|unit|division|arm)", 0.9, verbal=False),
    _rule(_R.SUBSIDIARY_OF, r"{b:C}'s (?:[\w-]+ )?(?:subsidiary|unit|division|arm),? {a:C}", 0.9, verbal=False),
    _rule(_R.SUBSIDIARY_OF, r"(?P<b><C\d+>)-owned (?:[\w-]+ ){0,3}{a:C}", 0.9, verbal=False),
    _rule(_R.SUBSIDIARY_OF, r"{a:C}(?:'s|,)? (?:and its )?(?:parent|parent company|owner),? {b:C}", 0.88, verbal=False),
    _rule(_R.SUBSIDIARY_OF, r"{a:C},? (?:which is |is )?(?:owned|controlled) by {b:C}", 0.88),
    _rule(_R.SUBSIDIARY_OF, r"{a:C}[^<>.]{0,60} become an? subsidiary of {b:C}", 0.8),
    _rule(_R.SUBSIDIARY_OF, r"{b:C}'s {a:C} (?:team|unit|division|lab|arm)", 0.8, verbal=False),
)  # fmt: skip

ALL: Final = (*PEOPLE, *MAKING, *DEALS)
