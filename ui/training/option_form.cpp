#include "ui/training/option_form.h"

#include <QCheckBox>
#include <QComboBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QLocale>
#include <QStackedWidget>
#include <QVBoxLayout>

#include "core/base/error.h"
#include "ui/bridge/text.h"
#include "ui/style/elided_label.h"
#include "ui/style/widgets.h"

namespace signet::ui {
namespace {

using Kind = OptionDescription::Kind;

constexpr int kLabelWidth = 132;  // px
constexpr int kEditorWidth = 200;

QString numberText(const OptionDescription& option, double number) {
    if (option.kind == Kind::Real) return QString::number(number, 'g', 7);
    return QLocale(QLocale::English, QLocale::UnitedStates).toString(static_cast<qlonglong>(number));
}

QString shownValue(const Json& value) {
    if (value.is_string()) return toText(value.get<std::string>());
    if (value.is_number_integer()) return QString::number(value.get<qlonglong>());
    if (value.is_number()) return QString::number(value.get<double>(), 'g', 12);
    QStringList parts;
    for (const Json& entry : value) parts << shownValue(entry);
    return parts.join(QStringLiteral(", "));
}

/// What is typed as a value of this kind; throws signet::Error saying what is expected.
Json parsed(const OptionDescription& option, const QString& typed) {
    const QString text = typed.trimmed();
    bool good = true;
    switch (option.kind) {
        case Kind::Integer: {
            const qlonglong number = text.toLongLong(&good);
            if (!good) throw Error(ErrorCode::BadOption, "a whole number is expected");
            return number;
        }
        case Kind::Real: {
            const double number = text.toDouble(&good);
            if (!good) throw Error(ErrorCode::BadOption, "a number is expected");
            return number;
        }
        case Kind::Integers: {
            Json list = Json::array();
            for (const QString& part : text.split(QLatin1Char(','))) {
                list.push_back(part.trimmed().toLongLong(&good));
                if (!good)
                    throw Error(ErrorCode::BadOption, "whole numbers with commas between them are expected");
            }
            if (list.size() != option.standard.size())
                throw Error(ErrorCode::BadOption,
                            std::to_string(option.standard.size()) + " numbers are expected");
            return list;
        }
        default:
            return typed.toStdString();
    }
}

}  // namespace

struct OptionForm::Field {
    OptionDescription option;
    QWidget* row = nullptr;
    QCheckBox* check = nullptr;
    QComboBox* combo = nullptr;
    QLineEdit* line = nullptr;
    QStackedWidget* says = nullptr;  ///< range or help, or in its place what is wrong
    ElidedLabel* problem = nullptr;
};

OptionForm::OptionForm(const std::vector<OptionDescription>& options, const QStringList& leftOut,
                       QWidget* parent)
    : QWidget(parent) {
    setObjectName(QStringLiteral("optionForm"));
    auto* all = new QVBoxLayout(this);
    all->setContentsMargins(0, 0, 0, 0);
    all->setSpacing(kGrid);
    std::vector<std::string> groups;
    for (const auto& option : options) {
        if (std::find(groups.begin(), groups.end(), option.group) == groups.end())
            groups.push_back(option.group);
    }
    for (const auto& group : groups) {
        auto* part = new QWidget(this);
        part->setObjectName(QStringLiteral("optionGroup%1").arg(toText(group)));
        auto* column = new QVBoxLayout(part);
        column->setContentsMargins(0, kGrid, 0, 0);
        column->setSpacing(4);
        column->addWidget(
            makeHeading(QStringLiteral("optionHeading%1").arg(toText(group)), toText(group), part));
        for (const auto& option : options) {
            if (option.group == group && !leftOut.contains(toText(option.key))) addField(option, column);
        }
        m_groups.emplace_back(part, group);
        all->addWidget(part);
    }
    all->addStretch(1);
}

OptionForm::~OptionForm() = default;

void OptionForm::addField(const OptionDescription& option, QVBoxLayout* column) {
    auto field = std::make_unique<Field>();
    field->option = option;
    const QString key = toText(option.key);
    QString help = toText(option.help);
    const bool isNumber =
        option.kind == Kind::Integer || option.kind == Kind::Real || option.kind == Kind::Integers;
    const QString range = isNumber ? tr("%1 to %2 %3")
                                         .arg(numberText(option, option.low), numberText(option, option.high),
                                              toText(option.unit))
                                         .trimmed()
                                   : QString();
    if (isNumber) help += tr("\nFrom %1; usually %2.").arg(range, shownValue(option.standard));
    field->row = new QWidget(this);
    field->row->setObjectName(QStringLiteral("optionRow.") + key);
    auto* first = new QHBoxLayout(field->row);
    first->setContentsMargins(0, 0, 0, 0);
    QWidget* editor = nullptr;
    Field* raw = field.get();
    if (option.kind == Kind::Switch) {
        editor = field->check = new QCheckBox(field->row);
        connect(field->check, &QCheckBox::toggled, this, [this, raw] { fieldEdited(*raw); });
    } else if (option.kind == Kind::Choice) {
        editor = field->combo = new QComboBox(field->row);
        for (const auto& choice : option.choices) field->combo->addItem(toText(choice));
        connect(field->combo, &QComboBox::currentIndexChanged, this, [this, raw] { fieldEdited(*raw); });
    } else {
        editor = field->line = new QLineEdit(field->row);
        if (isNumber) field->line->setAlignment(Qt::AlignRight);
        connect(field->line, &QLineEdit::textEdited, this, [this, raw] { fieldEdited(*raw); });
    }
    editor->setObjectName(QStringLiteral("option.") + key);
    editor->setAccessibleName(key);
    editor->setAccessibleDescription(help);
    editor->setToolTip(help);
    editor->setFixedWidth(kEditorWidth);
    auto* label =
        makeLabel(QStringLiteral("optionLabel.") + key, key.section(QLatin1Char('.'), -1), field->row);
    label->setFixedWidth(kLabelWidth);
    label->setBuddy(editor);
    label->setToolTip(help);
    first->addWidget(label);
    first->addWidget(editor);
    auto* note =
        makeNote(QStringLiteral("optionRange.") + key, isNumber ? range : toText(option.help), field->row);
    note->setToolTip(help);
    field->problem = new ElidedLabel(QStringLiteral("optionProblem.") + key, field->row);
    field->problem->setProperty("role", "problem");
    field->says = new QStackedWidget(field->row);
    field->says->setObjectName(QStringLiteral("optionSays.") + key);
    field->says->addWidget(note);
    field->says->addWidget(field->problem);
    first->addWidget(field->says, 1);
    column->addWidget(field->row);
    m_fields.push_back(std::move(field));
}

Json* OptionForm::valueAt(const std::string& key) {
    Json* at = &m_values;
    std::size_t begin = 0;
    for (auto dot = key.find('.'); dot != std::string::npos; dot = key.find('.', begin)) {
        at = &(*at)[key.substr(begin, dot - begin)];
        begin = dot + 1;
    }
    return &(*at)[key.substr(begin)];
}

void OptionForm::setValues(const Json& values) {
    m_values = values;
    m_showing = true;
    for (auto& field : m_fields) show(*field);
    m_showing = false;
    updateVisible();
    Q_EMIT changed();
}

void OptionForm::setValue(const QString& key, const Json& value) {
    *valueAt(key.toStdString()) = value;
    m_showing = true;
    for (auto& field : m_fields) {
        if (toText(field->option.key) == key) show(*field);
    }
    m_showing = false;
    updateVisible();
    Q_EMIT changed();
}

void OptionForm::show(Field& field) {
    Json& value = *valueAt(field.option.key);
    if (value.is_null()) value = field.option.standard;
    if (field.check) field.check->setChecked(value.get<bool>());
    if (field.combo) field.combo->setCurrentText(toText(value.get<std::string>()));
    if (field.line) field.line->setText(shownValue(value));
    say(field, {});
}

void OptionForm::say(Field& field, const QString& problem) {
    field.problem->setFullText(problem);
    field.says->setCurrentIndex(problem.isEmpty() ? 0 : 1);
}

void OptionForm::fieldEdited(Field& field) {
    if (m_showing) return;
    QString problem;
    try {
        Json value;
        if (field.check)
            value = field.check->isChecked();
        else if (field.combo)
            value = field.combo->currentText().toStdString();
        else
            value = parsed(field.option, field.line->text());
        checkOption(field.option, value);
        *valueAt(field.option.key) = value;
    } catch (const Error& error) {
        problem = sentence(error.what());
    }
    say(field, problem);
    updateVisible();
    Q_EMIT changed();
}

void OptionForm::updateVisible() {
    for (auto& field : m_fields) {
        const auto equals = field->option.only.find('=');
        bool visible = true;
        if (equals != std::string::npos) {
            const Json& chosen = *valueAt(field->option.only.substr(0, equals));
            visible = chosen.is_string() && toText(field->option.only.substr(equals + 1))
                                                .split(QLatin1Char('|'))
                                                .contains(toText(chosen.get<std::string>()));
        }
        field->row->setVisible(visible);
    }
    for (const auto& [part, group] : m_groups) {
        bool any = false;
        for (const auto& field : m_fields)
            any = any || (field->option.group == group && !field->row->isHidden());
        part->setVisible(any);
    }
}

QString OptionForm::problem() const {
    for (const auto& field : m_fields) {
        if (!field->row->isHidden() && !field->problem->fullText().isEmpty())
            return QStringLiteral("%1: %2").arg(toText(field->option.key), field->problem->fullText());
    }
    return {};
}

}  // namespace signet::ui
