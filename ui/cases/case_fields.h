#pragma once

#include <QWidget>
#include <functional>
#include <set>
#include <string>
#include <vector>

#include "core/cases/case_types.h"

class QLabel;
class QLineEdit;
class QPlainTextEdit;

namespace signet::ui {

/// The fields of a report (core/report/required_fields.h) as a form; beside each stands whether a final
/// report needs it, and which clause of a standard asks for it. GUI thread.
class CaseFields : public QWidget {
    Q_OBJECT
public:
    /// prefix: of the object names, which end in the field's key. without: keys that are not shown.
    CaseFields(const QString& prefix, const std::set<std::string>& without, QWidget* parent = nullptr);

    void setValues(const std::function<std::string(const std::string& key)>& valueOf);
    std::string value(const std::string& key) const;
    std::vector<std::string> keys() const;
    /// Says beside each of these keys that it is missing.
    void markMissing(const std::set<std::string>& keys);
    void setReadOnly(bool readOnly);
    QList<QWidget*> inputs() const;  ///< from top to bottom

Q_SIGNALS:
    void changed();

private:
    struct Field {
        std::string key;
        QLineEdit* line = nullptr;  ///< one of the two
        QPlainTextEdit* text = nullptr;
        QLabel* missing = nullptr;
        QString value() const;
        void set(const QString& value) const;
    };
    std::vector<Field> m_fields;
};

/// The properties with the values of a form that holds all or some of the fields.
cases::CaseInfo withFields(cases::CaseInfo info, const CaseFields& fields);

/// Keys that CaseInfo has members for.
const std::set<std::string>& caseInfoKeys();

}  // namespace signet::ui
