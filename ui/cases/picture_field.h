#pragma once

#include <QWidget>

#include "ui/bridge/case_service.h"

class QLabel;
class QPushButton;

namespace signet::ui {

class ElidedLabel;

/// The picture that a code was written on, in the form of a code: one file that is chosen or dropped. The
/// case's worker reads it; what is wrong with it is said in place. GUI thread.
class PictureField : public QWidget {
    Q_OBJECT
public:
    explicit PictureField(CaseService& cases, QWidget* parent = nullptr);

    /// Forgets the file; another one can be chosen.
    void clear();
    /// What was registered with a code, which stays as it is.
    void showRegistered(const cases::RegisteredCode& code);

    /// False while a file is chosen that is not read yet, or cannot be.
    bool isReady() const {
        return m_picture.problem.empty() && (m_picture.file.empty() || !m_picture.hash.empty());
    }
    /// Keeps with a code what the picture looks like; nothing where none is chosen.
    void describe(cases::RegisteredCode& code) const;

Q_SIGNALS:
    void changed();

protected:
    void dragEnterEvent(QDragEnterEvent* event) override;
    void dropEvent(QDropEvent* event) override;

private:
    void choose();
    void read(const std::filesystem::path& file);
    void take(const PictureRead& picture);
    void refresh();
    QString shownText() const;

    CaseService& m_cases;
    ElidedLabel* m_name;
    QPushButton* m_choose;
    QPushButton* m_remove;
    QLabel* m_problem;
    PictureRead m_picture;  ///< neither hash nor problem: the file is being read
    bool m_isRegistered = false;
};

}  // namespace signet::ui
