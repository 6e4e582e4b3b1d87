#pragma once

#include <QString>
#include <QTemporaryDir>
#include <memory>

#include "support/case_builder.h"
#include "support/error_of.h"

namespace signet::test {

inline QString q(const std::string& text) {
    return QString::fromStdString(text);
}

/// What a test of cases works in: a temporary folder, and a case in it. A second base of its class.
class CaseFolder {
protected:
    /// An empty folder of its own; the case of the test before is closed first.
    void newFolder() {
        m_case.reset();
        m_folder = std::make_unique<QTemporaryDir>();
        if (!m_folder->isValid()) qFatal("no temporary folder");
    }
    void newCase(const cases::CaseInfo& info = completeInfo()) {
        m_case = std::make_unique<CaseBuilder>(at("case"), info);
    }
    std::string at(const std::string& name) const { return m_folder->path().toStdString() + "/" + name; }

    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<CaseBuilder> m_case;
};

}  // namespace signet::test
