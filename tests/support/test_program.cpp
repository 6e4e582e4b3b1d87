#include "tests/support/test_program.h"

#ifdef SIGNET_TEST_WIDGETS
#include <QApplication>
using Application = QApplication;
#else
#include <QCoreApplication>
using Application = QCoreApplication;
#endif
#include <cstdio>
#include <map>
#include <string>

namespace signet::test {
namespace {

std::map<std::string, TestClass, std::less<>>& testClasses() {
    static std::map<std::string, TestClass, std::less<>> classes;
    return classes;
}

}  // namespace

bool addTestClass(const TestClass& test) {
    std::string_view name = test.sourceFile;
    name.remove_prefix(name.rfind('/') + 1);
    name.remove_suffix(name.size() - name.rfind('.'));
    testClasses().emplace(name, test);
    return true;
}

}  // namespace signet::test

int main(int argc, char** argv) {
    const auto& classes = signet::test::testClasses();
    const auto found = argc > 1 ? classes.find(std::string_view(argv[1])) : classes.end();
    if (found == classes.end()) {
        std::fprintf(stderr, "usage: %s TEST [ARGUMENTS OF QT TEST]\ntests:\n", argv[0]);
        for (const auto& [name, test] : classes) std::fprintf(stderr, "  %s\n", name.c_str());
        return 2;
    }
    for (int i = 1; i < argc; ++i) argv[i] = argv[i + 1];  // the last one is null
    --argc;
    found->second.prepare();
    const Application application(argc, argv);
    Application::setAttribute(Qt::AA_Use96Dpi);
    return found->second.run(argc, argv);
}
