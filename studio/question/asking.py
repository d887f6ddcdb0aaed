"""The question bar bound to the desk: the sentence, what is typed into its chips, and the next step."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QPixmap

from engines.contract import Slider
from engines.data.kinds import Images
from engines.questions import Question
from engines.runtime.states import RunState
from studio.bars.question_bar import QuestionBar
from studio.desk import Desk
from studio.question.sentence import Part
from studio.question.wording import question_about, what_if
from studio.runs.runs import RunInfo
from widgets.numbers import parse_number
from widgets.pictures import image_of


class Asking(QObject):
    """Keeps the sentence true to the desk, and turns what is typed into wishes."""

    stepped = Signal(str)                   # id of the next step, when its button is pressed
    offered = Signal(str, str)              # words and icon of the next step, as the button has them

    def __init__(self, bar: QuestionBar, desk: Desk, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._bar, self._desk = bar, desk
        self._states: dict[int, RunState] = {}
        exploration, workspace = desk.exploration, desk.workspace
        bar.main_wished.connect(self.step)
        bar.do_typed.connect(self._type_do)
        bar.do_removed.connect(exploration.free)
        bar.add_wished.connect(self._add_intervention)
        for signal in (
            exploration.subject_changed, exploration.wish_changed, workspace.question_changed, workspace.data_changed,
            workspace.graph_changed, workspace.method_changed, workspace.settings_changed, desk.opened,
            desk.costs.changed, desk.explaining.changed,
        ):
            signal.connect(self.refresh)

    def take_run(self, info: RunInfo) -> None:
        """A run was added or has changed: of its progress nothing is said here."""
        if self._states.get(info.number) is not info.state:
            self._states[info.number] = info.state
            self.refresh()

    def step(self) -> None:
        """Take the next step that is missing."""
        self.stepped.emit(self._desk.choosing.next_step().id)

    def refresh(self, *_: object) -> None:
        """Say what is asked now, and offer the next step."""
        desk, workspace = self._desk, self._desk.workspace
        subject, wish = desk.exploration.subject, desk.exploration.wish
        asks_if = workspace.question in (Question.IMAGE_IF, Question.ROW_IF, None) or bool(wish.do)
        if subject is not None and wish.item is not None and asks_if:
            controls = {control.name: control for control in subject.controls}
            self._bar.set_sentence(what_if(subject.data, wish.item, wish.do, controls), can_add=True)
            picture = QPixmap()
            if isinstance(subject.data, Images):
                picture = QPixmap.fromImage(image_of(subject.data.pixels[subject.position(wish.item)]))
            self._bar.set_picture(picture)
            self._bar.set_method(subject.title, "box")
        elif workspace.question is not None:
            name = workspace.data.name if workspace.data is not None else None
            self._bar.set_sentence(question_about(workspace.question, name))
            announced = desk.choosing.announced()
            self._bar.set_method(announced.title if announced is not None else "", "box")
        else:
            self._bar.set_sentence([Part(self.tr("What do you want to know?"))])
            self._bar.set_method("")
        step = desk.choosing.next_step()
        self._bar.set_main(step.text, step.icon, step.enabled, step.why)
        self._bar.set_estimate(step.estimate, step.cost)
        self.offered.emit(step.text, step.icon)

    def _type_do(self, name: str, text: str) -> None:
        """A chip of the sentence was typed over: "thickness = 3.4 px" or just the value."""
        subject = self._desk.exploration.subject
        if subject is None:
            return
        value = text.rpartition("=")[2].strip()
        control = subject.control(name)
        if isinstance(control, Slider):
            number = parse_number(value, control.unit)
            if number is not None:
                low, high = control.bounds
                self._desk.exploration.set(name, min(max(number, low), high))
        else:
            self._desk.exploration.set(name, value)
        self.refresh()

    def _add_intervention(self) -> None:
        """Hold the first factor that is free, so that its row can be moved."""
        exploration = self._desk.exploration
        if exploration.subject is None:
            return
        free = [c.name for c in exploration.subject.factors if c.name not in exploration.wish.do]
        if free:
            exploration.hold(free[0])
