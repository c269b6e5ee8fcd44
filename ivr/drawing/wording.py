"""The words of a picture that are not the table's, in the house's languages."""

from collections.abc import Mapping, Sequence

from ivr.hours import Hours, Spans

__all__ = ["Wording", "wording"]

# Each line: the English, the Mandarin, and the Cantonese, where that is written otherwise.
WORDS: Mapping[str, tuple[str, ...]] = {
    "other": ("any other number", "其他号码", "其他號碼"),
    "emergency": ("emergency", "紧急", "緊急"),
    "rings": ("rings before the answer: {}", "接听前先响铃：{}", "接聽前先響鈴：{}"),
    "operator": ("its operator", "本线总机", "本線總機"),
    "callers": ("callers on a list", "名单上的来电者", "名單上的來電者"),
    "extensions": ("or an extension, dialled at once", "或直拨分机号码", "或直撥內線號碼"),
    "switched": ("opened and closed with a PIN: {}", "凭密码开关：{}", "憑密碼開關：{}"),
    "nobody": ("nobody", "无人", "冇人"),
    "each": ("each", "各"),
    # When a way is taken.
    "silence": ("no key", "未按键", "冇按鍵"),
    "invalid": ("wrong keys", "按错", "按錯"),
    "closed": ("closed", "非营业", "非營業"),
    "lunch": ("lunch", "午休"),
    "quiet": ("quiet hours", "免打扰时段", "免打擾時段"),
    "busy": ("busy", "忙线", "忙線"),
    "no_answer": ("no answer", "无人接听", "冇人聽"),
    "refused": ("refused", "拒接"),
    "unreachable": ("not reachable", "无法接通", "未能接通"),
    "do_not_disturb": ("do not disturb", "免打扰", "免打擾"),
    "otherwise": ("otherwise", "其他情况", "其他情況"),
    "unanswered": ("not answered", "未接通"),
    "too": ("({})", "（{}）"),
    # What happens on it.
    "message": ("message", "留言"),
    "message_for": ("message for {}", "留言给{}", "留言畀{}"),
    "waits": ("waits {}, then", "等候 {}，然后", "等候 {}，然後"),
    "goodbye": ("goodbye", "道别", "道別"),
    "back": ("the menu before", "上一级菜单", "上一級選單"),
    "top": ("the first menu", "首个菜单", "首個選單"),
    # Hours.
    "always": ("day and night", "全天"),
    "holidays": ("not on public holidays", "节假日休息", "公眾假期休息"),
    "dates": ("special dates: {}", "特殊日期{}个", "特別日期{}個"),
    "calendar": ("and a calendar", "另有日历", "另有日曆"),
    "days": ("Mon Tue Wed Thu Fri Sat Sun", "周一 周二 周三 周四 周五 周六 周日", "週一 週二 週三 週四 週五 週六 週日"),
    "every_day": ("daily", "每天"),
    "comma": (", ", "、"),
    "at": ("as of {} {}", "{} {}"),
    # What the small pictures and the lines mean.
    "phone": ("who is rung", "振铃话机", "響鈴電話"),
    "clock": ("hours", "营业时间", "營業時間"),
    "envelope": ("leaves a message", "留言"),
    "hourglass": ("waits with music", "等候音乐", "等候音樂"),
    "arrow": ("back", "返回"),
    "onward": ("goes on at", "转至", "轉至"),
    "speaker": ("is told", "播报", "播報"),
    "shut": ("closed now", "现在非营业", "現在非營業"),
    "by_key": ("at once, or by a key", "直接或按键", "直接或按鍵"),
    "by_itself": ("where that fails", "无法接通时", "未能接通時"),
}
LANGUAGES = ("en", "zh", "yue")


class Wording:
    """The words of one language."""

    def __init__(self, language: str):
        self._index = LANGUAGES.index(language)

    def __getitem__(self, key: str) -> str:
        words = WORDS[key]
        return words[min(self._index, len(words) - 1)]

    def join(self, words: Sequence[str]) -> str:
        return self["comma"].join(words)

    def hours(self, hours: Hours | None) -> list[str]:
        """Some hours in a few lines; a place without any is always open."""
        if hours is None or hours.always:
            return [self["always"]]
        lines = []
        for spans in dict.fromkeys(day for day in hours.week if day):
            days = [day for day in range(7) if hours.week[day] == spans]
            lines.append(f"{self._days(days)} {_written(spans)}")
        more = [self["holidays"]] if hours.holidays else []
        more += [self["dates"].format(len(hours.exceptions))] if hours.exceptions else []
        more += [self["calendar"]] if hours.closures or hours.openings else []
        return [*lines, *more]

    def _days(self, days: Sequence[int]) -> str:
        names = self["days"].split()
        if len(days) == 7:
            return self["every_day"]
        runs: list[list[int]] = []
        for day in days:
            if runs and runs[-1][-1] == day - 1:
                runs[-1].append(day)
            else:
                runs.append([day])
        # sun-thu is one run over the end of the week.
        if len(runs) > 1 and runs[0][0] == 0 and runs[-1][-1] == 6:
            runs = [runs[-1] + runs[0], *runs[1:-1]]
        return self.join([f"{names[run[0]]}–{names[run[-1]]}" if len(run) > 1 else names[run[0]] for run in runs])


def wording(language: str) -> Wording:
    """The words of a language; English where it has none."""
    return Wording(language if language in LANGUAGES else "en")


def _written(spans: Spans) -> str:
    """09:00–12:00, 13:30–18:00

    >>> _written(((540, 720), (1320, 1800)))
    '09:00–12:00, 22:00–06:00'
    """
    return ", ".join(f"{_minute(a)}–{_minute(b if b <= 1440 else b - 1440)}" for a, b in spans)


def _minute(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"
