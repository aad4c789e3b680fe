"""The words by which single lines of a page betray that they are no part of its article.

Everything here looks at one line alone. What needs the lines around it is in `lines.py`.
"""

import re
from typing import Final

from loaders.cleaning.cuts import Why

LONGEST: Final = 600
"""A longer line is a paragraph; only its ends are looked at."""

_TEASER: Final = (
    r"read(?: (?:more|next|also|on|this|the full story))?|see also|see more|also read|(?:more )?related"
    r"|more on this|more|watch(?: (?:now|next))?|listen(?: now)?|from the archives?"
    r"|recommended(?: reading)?"
    r"|(?:you )?(?:may|might) (?:also )?(?:like|enjoy|be interested in)|you (?:may|might) (?:also )?like"
    r"|sponsored(?: content)?|promoted|advertisement|ad|up next|next in this series|in this series"
    r"|previous(?:ly)?(?: in this series| post| article)?|next(?: post| article)?|also on this site"
    r"|our standards|don[’']t miss|in case you missed it|icymi|further reading|trending"
    r"|most (?:read|popular)"
    r"|follow us|share(?: this)?|tags?|filed under|topics?|categor(?:y|ies)|posted in|keywords"
    r"|延伸閱讀|延伸阅读|推荐阅读|推薦閱讀|相关(?:阅读|文章|新闻)|相關(?:閱讀|文章|新聞)|上一篇"
    r"|下一篇|関連記事|標籤|标签"
    r"|(?:à lire|lire) aussi|lesen sie auch|mehr zum thema|lees ook|leggi anche|leia (?:também|mais)"
    r"|(?:lee|lea|ver) (?:también|además)|te puede interesar|читайте также|اقرأ أيضا"
)
_INLINE_TEASER: Final = re.compile(rf"(?:{_TEASER})\s?[:：|«»→]\s?\S", re.I)

_SECTION: Final = re.compile(
    r"latest (?:in|from|news|stories|headlines|articles|posts|on)\b.{0,40}"
    r"|(?:the )?latest"
    r"|most (?:popular|read|viewed|shared|commented|watched|recent|discussed|emailed)(?: .{1,25})?"
    r"|more (?:from|in|on|stories|news|like this|about|articles|posts|coverage|reading)\b.{0,40}"
    r"|(?:related|recommended|suggested|similar|popular|trending|featured|sponsored|promoted|recent|top)"
    r"(?: (?:articles?|stor(?:y|ies)|posts?|reads?|reading|content|coverage|topics?|links?|videos?|news|now"
    r"|for you|products|companies|searches|comments|headlines|tags|reports?|insights))?"
    r"|(?:read|up|watch|what to read|coming up) next"
    r"|you (?:may|might) (?:also )?(?:like|enjoy|be interested in)(?: these)?"
    r"|(?:editor[’']?s|editors[’']|our|staff) (?:picks?|choice)"
    r"|don[’']t miss|in case you missed it|icymi|further reading|see also|also read|keep reading|read also"
    r"|in other news|from (?:the archives?|our partners|around the web|our network)|around the web"
    r"|paid content|partner content|newsletters?(?: sign[- ]?up)?|follow us(?: on.{0,40})?"
    r"|share this(?: article| story| post| page)?|leave a (?:comment|reply)|(?:join )?the conversation"
    r"|(?:view|show|load) (?:all |more )?comments|about the authors?|about the writer|meet the author"
    r"|(?:see )?also on .{1,30}|tags|categories|external links|references|footnotes|contents"
    r"|table of contents"
    r"|customer (?:support|service)|commercial services|quick links|site ?map|sections|company info"
    r"|推荐阅读|推薦閱讀|相关(?:阅读|文章|新闻)|相關(?:閱讀|文章|新聞)|热门文章|熱門文章|延伸閱讀"
    r"|延伸阅读|関連記事|参考文献"
    r"|articles? (?:liés|similaires|recommandés)|les plus lus|à lire aussi|meistgelesen|das könnte.{0,40}"
    r"|lo más (?:leído|visto)|artículos relacionados|artigos relacionados|ultime notizie",
    re.I,
)

_BUTTON_WORDS: Final = frozenset(
    "home menu search login logout signin signup register subscribe subscriptions account advertise "
    "cookies sitemap rss print email mail share save tweet facebook twitter linkedin reddit whatsapp "
    "telegram pinterest flipboard instagram youtube tiktok bluesky mastodon copy comment comments reply "
    "report permalink follow like likes upvote downvote bookmark play pause close skip edit view cart "
    "checkout donate premium log sign toggle navigation a- a+ aa newsletter newsletters 首頁 首页 訂閱 "
    "订阅 登入 登录 註冊 注册 搜尋 搜索 留言 分享 回覆 accueil startseite inicio".split()
)
_MENU_WORDS: Final = frozenset(
    "news markets business tech technology ai ml science sports opinion world us u.s. uk europe asia "
    "video videos podcast podcasts events jobs careers profile settings about contact help faq support "
    "privacy terms x threads link following listen back next previous prev open more top up latest "
    "trending popular all read history talk article discussion source tools download deals magazine "
    "features rankings lists leadership finance lifestyle multimedia culture health politics investing "
    "money energy banking retirement savings stocks watchlist companies entertainment education "
    "environment travel food style cloud networks data research products pricing docs documentation "
    "blog community forum resources solutions platform overview partners press investors legal language "
    "english deutsch français español archive archives topics sections categories tags weather crypto "
    "free trial in out my the a an to of on at and for this page site web full screen text size main "
    "content shop store 關於 关于 文章分類 文章分类 our".split()
)
NAVIGATION: Final = _BUTTON_WORDS | _MENU_WORDS
"""Words that menus and buttons are made of. A line of nothing else, outside the article, is no article."""

_BUTTON: Final = re.compile(
    r"(?:.{0,40}\b(?:icon|placeholder)\b.{0,30})|(?:down|up|right|left) arrow.{0,30}"
    r"|skip to (?:main )?content.{0,20}|(?:click|tap) (?:here|to) .{0,60}|view (?:in browser"
    r"|full bio).{0,20}"
    r"|see full bio.{0,40}|(?:article|story) continues below.{0,40}|(?:article"
    r"|story) continues after.{0,40}"
    r"|continue reading(?: below)?.{0,60}|advertisement|- advertisement -|sponsored|promoted|ad"
    r"|(?:listen|watch)(?: to this (?:article|story|episode))?(?:\s?\(?[\d:.]+ ?min\w{0,5}\)?)?"
    r"|(?:\W|paid|subscribers? only|members? only|free|exclusive|premium|opinion|analysis|updated)+"
    r"|(?:about )?(?:\d+|one|two|three|four|five) ?-?min(?:ute)?s?(?: to)? read"
    r"|(?:\d[\d,.]*k? |no |show |view |load |see |all )?(?:comments?|replies|likes|shares|views"
    r"|claps)(?: ?\(\d+\))?"
    r"|comments? ?\(\d+\).{0,40}|留言 ?\(\d+\).{0,20}|log in to (?:reply|comment|continue).{0,60}"
    r"|\[-\] \S{1,40}(?: .{0,40})?|(?:\d+ )?(?:points?|upvotes?) by .{1,60}|loading\W{0,3}|getty images"
    r"|[\d.,]+[km]? followers?",
    re.I,
)

_PLEA: Final = re.compile(
    r"sign up (?:for|to|now|here|today)\b.{0,140}|subscribe (?:to|for|now|here|today)\b.{0,140}"
    r"|(?:enjoying|enjoyed|like|liked|love|loved) (?:this|what you).{0,20}\?.{0,140}"
    r"|keep reading (?:with|for)\b.{0,80}|(?:start|get) (?:your|a) (?:free|\d+[- ]day).{0,80}"
    r"|get (?:the|our|your|all) .{0,60}(?:newsletter|digest|briefing|inbox|delivered|alerts).{0,80}"
    r"|follow (?:us|me) on\b.{0,120}|join (?:our|the) .{0,40}(?:newsletter|mailing list|community"
    r"|discord|slack).{0,60}"
    r"|download (?:our|the) .{0,30}app\b.{0,80}|(?:already|not) a (?:subscriber|member)\b.{0,80}"
    r"|this (?:article|story|post|content) is (?:for|only for|available to) .{0,40}(?:subscribers"
    r"|members).{0,80}"
    r"|you have (?:read|\d+|reached) .{0,30}(?:free )?articles?.{0,80}|(?:we"
    r"|this (?:web)?site) uses? cookies\b.{0,300}"
    r"|by (?:continuing|using|clicking|subscribing|signing up).{0,60}(?:you agree|you consent|site).{0,300}"
    r"|(?:accept|reject|manage) (?:all )?cookies.{0,80}|(?:enter|your) (?:your )?e-?mail address.{0,40}"
    r"|this is not (?:investment|financial|legal) advice\b.{0,300}|have a (?:tip|story)\?.{0,200}"
    r"|(?:send|share) (?:us )?(?:your )?(?:tips|feedback).{0,100}|support (?:our"
    r"|independent) journalism.{0,100}"
    r"|(?:reporting|editing|additional reporting) by .{1,150}|(?:this|the) (?:article|story"
    r"|version) .{0,20}"
    r"(?:originally appeared|was originally published|first appeared).{0,150}"
    r"|this page was last (?:edited|modified|updated|changed).{0,200}|text is available under .{0,200}"
    r"|from \w{1,20}, the free encyclopedia.{0,120}|\^ .{3,400}"
    r"|订阅我们.{0,60}|關注我們.{0,60}|关注我们.{0,60}",
    re.I,
)
_CALL: Final = re.compile(
    r"(?:^|[.!?…”\"] )(?:register|subscribe|sign up|apply|buy tickets|get tickets|join us"
    r"|learn more|book now|"
    r"request (?:an )?invit\w{1,6}|read more)(?: (?:here|now|today|online|for free|your spot)){0,2}[.!]?$",
    re.I,
)
_RIGHTS: Final = re.compile(
    r"(?:©|\(c\)|copyright\b).{0,80}(?:19|20)\d\d|(?:19|20)\d\d.{0,10}©|©\s?\w"
    r"|.{0,120}\ball rights reserved\b"
    r"|.{1,40} is a (?:registered )?trademark of .{1,80}|(?:do not sell|your (?:privacy|california)).{0,80}"
    r"|(?:terms of (?:use|service)|privacy (?:policy|notice)|cookie (?:policy|settings))(?:\W.{0,120})?"
    r"|use of this site constitutes .{0,150}|.{0,60}may receive (?:compensation|a commission).{0,150}"
    r"|powered by \w{1,20}(?: \w{1,20})?|版权所有.{0,60}|版權所有.{0,60}",
    re.I,
)
_CREDIT: Final = re.compile(
    r"getty images|shutterstock|istock|alamy|unsplash|\bap photo|associated press/|/\s?(?:reuters"
    r"|afp|ap|epa|bloomberg)\b"
    r"|[—–]\s?(?:bloomberg|reuters|afp|ap)\b|\bvia (?:reuters|ap|afp|getty)\b|\(photo by\b"
    r"|\bphoto(?:graph)? by\b"
    r"|\bcourtesy of\b|\b(?:photo|image|picture|illustration) credit|^(?:credit"
    r"|image credits?)s?\s?:|^source: getty",
    re.I,
)
_CAPTION: Final = re.compile(
    r"\[?(?:photo|image|picture|illustration|video|foto|bild|caption)(?:graph)?\s?[:：]\s?\S", re.I
)
_INTRODUCED: Final = re.compile(r"[A-Z][\w.’-]{1,30} [A-Z][\w.’-]{1,30}, \w")
_WORD: Final = re.compile(r"[\w.+’'&-]+")
_NOTES: Final = re.compile(r"(?:\[\d{1,3}\]){1,9}$")
_SENTENCE_END: Final = re.compile(r"[.!?…。！？;:][\"”’'»)\]]{0,3}$")
BULLET: Final = re.compile(r"\s{0,40}(?:[•·▪◦‣●○■*–—-]|\d{1,3}[.)])\s{1,8}(?=\S)")
COLUMNS: Final = re.compile(r"\s{3,}|\t|\s[|·∙›»>/]\s|[›»•]|\s{2}\|\s{2}")


def count(line: str) -> int:
    """Words in the line; a run of Chinese, Japanese or Korean characters counts two for a word."""
    plain = line[:2000]
    wide = sum(1 for c in plain if "\u3040" <= c <= "\u9fff" or "\uac00" <= c <= "\ud7af")
    return len(_WORD.findall(plain)) if wide < 4 else len(plain.split()) + wide // 2


def is_sentence(line: str) -> bool:
    """Whether the line ends as a sentence does."""
    return _SENTENCE_END.search(_NOTES.sub("", line[-40:])[-5:]) is not None


def is_prose(line: str) -> bool:
    """Whether the line is a paragraph: long, and ended or divided as sentences are."""
    words = count(line)
    if words < 12:
        return False
    if is_sentence(line) or len(line) > LONGEST:
        return True
    return words > 25 and re.search(r"[.!?]\s[A-Z“\"]|[。！？]", line) is not None


def is_credit(line: str) -> bool:
    """Whether the line says who took a picture, or what it shows.

    A caption that introduces somebody (`Jane Roe, head of Acme`) is the page's own statement and stays.
    """
    if len(line) <= 300 and _CAPTION.match(line) and _INTRODUCED.search(line) is None:
        return True
    return len(line) <= 300 and _CREDIT.search(line) is not None and count(line) <= 45 and not is_prose(line)


def is_call(line: str) -> bool:
    """Whether the line is a button that sells something: `Register now`."""
    return len(line) <= 40 and _CALL.match(line) is not None


def is_section(line: str) -> bool:
    """Whether the line heads a box of links, such as `Most popular`."""
    return (
        len(line) <= 80
        and _SECTION.fullmatch(re.sub(r"\s?\[edit\]$", "", line).rstrip(" :：…▾›»>")) is not None
    )


def is_navigation(line: str, *, with_button: bool = False) -> bool:
    """Whether the line holds nothing but the words of menus and buttons, one of a button where asked for."""
    words = [word.strip(".").casefold() for word in _WORD.findall(line)] if len(line) <= 200 else []
    if not 0 < len(words) <= 20 or (with_button and _BUTTON_WORDS.isdisjoint(words)):
        return False
    return all(word in NAVIGATION or word.isdigit() for word in words)


def columns(line: str) -> list[str]:
    """The parts between wide gaps, bars or dots; a Markdown table row is not taken apart."""
    if len(line) > LONGEST or line.startswith("|"):
        return [line]
    return [part for part in COLUMNS.split(line.strip()) if part and part.strip()]


def is_menu(line: str) -> bool:
    """Whether the line is one of short labels side by side, without a number or a sentence."""
    parts = columns(line)
    if len(parts) < 2 or is_sentence(line):
        return False
    short = all(count(part) <= 4 and not re.search(r"[\d%$€£]", part) for part in parts)
    return short and (len(parts) >= 3 or is_navigation(line) or re.search(r"[|›»>]", line) is not None)


def why_chrome(line: str) -> Why | None:
    """Which of a button, a plea, a teaser or a notice of rights the line by itself is, if any."""
    if len(line) <= LONGEST:
        if _BUTTON.fullmatch(line):
            return Why.BUTTON
        if _PLEA.fullmatch(line):
            return Why.PLEA
        if _RIGHTS.match(line):
            return Why.RIGHTS
        if _INLINE_TEASER.match(line) and not (is_sentence(line) and count(line) > 25):
            return Why.TEASER
    return Why.CALL if _CALL.search(line[-80:]) else None
