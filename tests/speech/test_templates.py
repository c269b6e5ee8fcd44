"""Templates a site writes: what goes wrong is said with the file and what to do."""

import pytest

from ivr.errors import PromptError
from ivr.prompt import Names, Prompt
from ivr.speech.templates import Templates


@pytest.fixture
def site(tmp_path):
    """A folder of prompts: call it with file=text."""

    def write(**files):
        for name, text in files.items():
            path = tmp_path / name.replace("__", "/").replace("_dot_", ".")
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        return tmp_path

    return write


def fault(templates, prompt, language="zh"):
    with pytest.raises(PromptError) as caught:
        templates.text(prompt, language)
    return str(caught.value)


def test_a_prompt_without_words_says_where_to_write_them(tmp_path):
    assert fault(Templates([tmp_path]), Prompt("welcome")) == (
        f"prompt welcome: nothing to say in language zh; "
        f"write {tmp_path}/zh/welcome.j2 or record {tmp_path}/zh/welcome.wav"
    )


def test_a_value_that_was_not_given(site):
    folder = site(zh__busy_dot_j2="{{ to }}的{{ phone }}占线。")
    assert fault(Templates([folder]), Prompt("busy", to="销售部")) == (
        f"{folder}/zh/busy.j2: 'phone' is undefined; this prompt is given: to"
    )


def test_a_template_that_cannot_be_read(site):
    folder = site(zh__busy_dot_j2="好。\n{% if to %}")
    assert fault(Templates([folder]), Prompt("busy", to="销售部")).startswith(
        f"{folder}/zh/busy.j2:2: Unexpected end of template."
    )


@pytest.mark.parametrize(
    "template",
    [
        "{{ ''.__class__.__mro__ }}",
        "{{ to.__init__.__globals__ }}",
        "{{ self._TemplateReference__context }}",
        "{% include '../../secret.txt' %}",
        "{{ cycler.__init__ }}",
        "{{ true }}",
        "{{ none }}",
        "{{ [1] }}",
        "{{ 1 / 0 }}",
    ],
)
def test_a_template_gets_at_nothing_but_words(site, template):
    folder = site(zh__busy_dot_j2=template)
    assert fault(Templates([folder]), Prompt("busy", to="销售部")).startswith(f"{folder}/zh/busy.j2: ")


@pytest.mark.parametrize("name", ["number", "reference", "caller", "digits"])
@pytest.mark.parametrize("value", ["${system}", "12\n34", "1'", "小王", "1" * 33, 8001, Names(zh="一")])
def test_what_a_caller_sent_is_digits_or_is_not_spoken(site, name, value):
    """Also where the template forgets the filter."""
    folder = site(zh__number_dot_j2="{{ " + name + " }}")
    assert "is not 1 to 32 digits" in fault(Templates([folder]), Prompt("number", **{name: value}))


@pytest.mark.parametrize("name", ["../zh/busy", "", "a/b", ".hidden", "x" * 65, "busy.j2"])
def test_a_prompt_is_named_by_a_plain_word(site, name):
    folder = site(zh__busy_dot_j2="占线。")
    assert fault(Templates([folder]), Prompt(name)).endswith("use letters, digits, - and _, 64 at most")


def test_the_sites_words_win_over_ours(site, tmp_path_factory):
    ours, folder = tmp_path_factory.mktemp("ours"), site(zh__busy_dot_j2="占线了。")
    (ours / "zh").mkdir()
    (ours / "zh/busy.j2").write_text("很抱歉，占线。", encoding="utf-8")
    (ours / "zh/closed.j2").write_text("下班了。", encoding="utf-8")
    both = Templates([folder, ours])
    assert (both.text(Prompt("busy"), "zh"), both.text(Prompt("closed"), "zh")) == ("占线了。", "下班了。")
    assert both.names("zh") == ["busy", "closed"]


def test_another_language_helps_out_where_the_house_wants_it(site):
    folder = site(zh__busy_dot_j2="占线。")
    assert Templates([folder], fallback="zh").text(Prompt("busy"), "yue") == "占线。"
    assert "language yue" in fault(Templates([folder]), Prompt("busy"), "yue")


def test_changed_words_are_heard_after_forget(site):
    # Given words that were spoken once
    folder = site(zh__busy_dot_j2="占线。")
    templates = Templates([folder])
    assert templates.segments(Prompt("busy"), "zh")[0].text == "占线。"
    # When the file is changed and the house told
    site(zh__busy_dot_j2="正忙。")
    templates.forget()
    # Then
    assert templates.segments(Prompt("busy"), "zh")[0].text == "正忙。"


def test_control_characters_in_a_name_do_not_cut_a_sentence(site):
    folder = site(zh__busy_dot_j2="{{ to }}占线。")
    segments = Templates([folder]).segments(Prompt("busy", to=Names(zh="销\x1e售\x00部")), "zh")
    assert [segment.text for segment in segments] == ["销售部占线。"]
