#include "ui/shell/page_list.h"

#include "ui/cases/case_page.h"
#include "ui/experiments/experiment_page.h"
#include "ui/fingerprints/fingerprint_page.h"
#include "ui/generators/generator_page.h"
#include "ui/inspect/inspect_page.h"
#include "ui/models/models_page.h"
#include "ui/roc/roc_page.h"
#include "ui/shell/about_page.h"
#include "ui/sign/sign_page.h"
#include "ui/training/training_page.h"

namespace signet::ui {
namespace {

/// Both of the same object.
template <class Made>
ListedPage listed(Made* page) {
    return {page, page};
}

}  // namespace

std::vector<ListedPage> makePages(Services& services, PageRequests& requests, QWidget* parent) {
    return {listed(new InspectPage(services, requests, parent)),
            listed(new SignPage(services, requests, parent)),
            listed(new TrainingPage(services, requests, parent)),
            listed(new ModelsPage(services, requests, parent)),
            listed(new CasePage(services, requests, parent)),
            listed(new RocPage(services, requests, parent)),
            listed(new FingerprintPage(services, requests, parent)),
            listed(new ExperimentPage(services, requests, parent)),
            listed(new GeneratorPage(services, requests, parent)),
            listed(new AboutPage(services, parent))};
}

}  // namespace signet::ui
