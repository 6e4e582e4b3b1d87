#include "ui/cases/case_fields.h"

#include <QFormLayout>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QVBoxLayout>

#include "core/report/required_fields.h"
#include "ui/bridge/text.h"
#include "ui/style/elided_label.h"
#include "ui/style/widgets.h"

namespace signet::ui {
namespace {

constexpr int kTextHeight = 56;  ///< px of the fields of several lines

bool isLong(const std::string& key) {
    static const std::set<std::string> kLong{"purpose",    "description", "item_condition",
                                             "deviations", "declaration", "laboratory_address"};
    return kLong.contains(key);
}

}  // namespace

const std::set<std::string>& caseInfoKeys() {
    static const std::set<std::string> kKeys{"number",   "title",       "organisation",
                                             "customer", "description", "examiner"};
    return kKeys;
}

cases::CaseInfo withFields(cases::CaseInfo info, const CaseFields& fields) {
    const std::pair<const char*, std::string*> members[] = {
        {"number", &info.number},     {"title", &info.title},
        {"customer", &info.customer}, {"organisation", &info.organisation},
        {"examiner", &info.examiner}, {"description", &info.description}};
    if (!info.fields.is_object()) info.fields = Json::object();
    for (const std::string& key : fields.keys()) {
        const std::string value = fields.value(key);
        const auto member = std::find_if(std::begin(members), std::end(members),
                                         [&](const auto& pair) { return key == pair.first; });
        if (member != std::end(members)) {
            // a case has a title and an examiner
            if (!value.empty() || (key != "title" && key != "examiner")) *member->second = value;
        } else if (value.empty()) {
            info.fields.erase(key);
        } else {
            info.fields[key] = value;
        }
    }
    return info;
}

QString CaseFields::Field::value() const {
    return (line != nullptr ? line->text() : text->toPlainText()).trimmed();
}

void CaseFields::Field::set(const QString& value) const {
    if (line != nullptr)
        line->setText(value);
    else
        text->setPlainText(value);
}

CaseFields::CaseFields(const QString& prefix, const std::set<std::string>& without, QWidget* parent)
    : QWidget(parent) {
    setObjectName(prefix + QStringLiteral("Fields"));
    auto* form = new QFormLayout(this);
    form->setContentsMargins(0, 0, 0, 0);
    form->setSpacing(kGrid);
    form->setRowWrapPolicy(QFormLayout::WrapAllRows);  // labels are long, the column is narrow
    for (const report::ReportField& info : report::reportFields()) {
        if (without.contains(info.key)) continue;
        Field field;
        field.key = info.key;
        const QString help = toText(info.help);
        const QString clause = toText(info.clause);
        const QString label = toText(info.label);
        const auto prepare = [&](auto* widget) {
            widget->setObjectName(prefix + QLatin1Char('_') + QLatin1String(info.key));
            widget->setAccessibleName(label);
            widget->setAccessibleDescription(help);
            widget->setPlaceholderText(help);
            widget->setToolTip(clause.isEmpty() ? help : tr("%1 (%2)").arg(help, clause));
        };
        QWidget* input = nullptr;
        if (isLong(field.key)) {
            field.text = new QPlainTextEdit(this);
            prepare(field.text);
            field.text->setTabChangesFocus(true);
            field.text->setFixedHeight(kTextHeight);
            connect(field.text, &QPlainTextEdit::textChanged, this, &CaseFields::changed);
            input = field.text;
        } else {
            field.line = new QLineEdit(this);
            prepare(field.line);
            connect(field.line, &QLineEdit::textChanged, this, &CaseFields::changed);
            input = field.line;
        }
        auto* missing = new ElidedLabel(prefix + QStringLiteral("Missing_") + QLatin1String(info.key), this);
        missing->setFullText(clause.isEmpty() ? tr("Needed for a final report")
                                              : tr("Needed for a final report: %1").arg(clause));
        field.missing = missing;
        field.missing->setProperty("role", "note");
        field.missing->setVisible(info.required);  // always, so that nothing moves
        auto* column = new QVBoxLayout;
        column->setSpacing(2);
        column->addWidget(input);
        column->addWidget(field.missing);
        auto* name = new QLabel(info.required ? label + QStringLiteral(" *") : label, this);
        name->setObjectName(prefix + QStringLiteral("Label_") + QLatin1String(info.key));
        name->setBuddy(input);
        form->addRow(name, column);
        m_fields.push_back(field);
    }
}

void CaseFields::setValues(const std::function<std::string(const std::string& key)>& valueOf) {
    for (const Field& field : m_fields) field.set(toText(valueOf(field.key)));
}

std::string CaseFields::value(const std::string& key) const {
    for (const Field& field : m_fields) {
        if (field.key == key) return field.value().toStdString();
    }
    return {};
}

std::vector<std::string> CaseFields::keys() const {
    std::vector<std::string> keys;
    keys.reserve(m_fields.size());
    for (const Field& field : m_fields) keys.push_back(field.key);
    return keys;
}

void CaseFields::markMissing(const std::set<std::string>& keys) {
    for (const Field& field : m_fields) setRole(field.missing, keys.contains(field.key) ? "problem" : "note");
}

QList<QWidget*> CaseFields::inputs() const {
    QList<QWidget*> inputs;
    for (const Field& field : m_fields)
        inputs << (field.line != nullptr ? static_cast<QWidget*>(field.line) : field.text);
    return inputs;
}

void CaseFields::setReadOnly(bool readOnly) {
    for (const Field& field : m_fields) {
        if (field.line != nullptr)
            field.line->setReadOnly(readOnly);
        else
            field.text->setReadOnly(readOnly);
    }
}

}  // namespace signet::ui
