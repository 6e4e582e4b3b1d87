#pragma once

#include <QWidget>
#include <vector>

#include "core/base/option_info.h"

class QVBoxLayout;

namespace signet::ui {

/// A form over an options struct, made from its description: a field a row with label, editor, range and
/// unit, in groups; what is wrong stands in the place of the range as it is typed, so that nothing moves.
/// Fields that have no meaning with the values chosen are hidden. GUI thread.
class OptionForm : public QWidget {
    Q_OBJECT
public:
    /// leftOut: keys the caller asks for elsewhere; their values are kept as they are set.
    OptionForm(const std::vector<OptionDescription>& options, const QStringList& leftOut,
               QWidget* parent = nullptr);
    ~OptionForm() override;

    /// Nested as the struct's own JSON: "network.bits" is values["network"]["bits"].
    void setValues(const Json& values);
    /// Fields that are wrong keep their last good value; see problem.
    Json values() const { return m_values; }
    void setValue(const QString& key, const Json& value);

    /// The first thing wrong in place, or empty.
    QString problem() const;

Q_SIGNALS:
    void changed();

private:
    struct Field;

    void addField(const OptionDescription& option, QVBoxLayout* column);
    void fieldEdited(Field& field);
    void show(Field& field);
    void say(Field& field, const QString& problem);
    void updateVisible();
    Json* valueAt(const std::string& key);

    Json m_values = Json::object();
    std::vector<std::unique_ptr<Field>> m_fields;
    std::vector<std::pair<QWidget*, std::string>> m_groups;
    bool m_showing = false;
};

}  // namespace signet::ui
