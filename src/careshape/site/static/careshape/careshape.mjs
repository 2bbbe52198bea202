// Folds the menu on a phone, and brings what is wrong with a form before its reader. Every page works without it.
import { ServiceNavigation } from './service-navigation.mjs'

document.body.classList.add('js-enabled')
if ('noModule' in HTMLScriptElement.prototype) {
  document.body.classList.add('govuk-frontend-supported')
  for (const element of document.querySelectorAll('[data-module="govuk-service-navigation"]')) {
    new ServiceNavigation(element)
  }
}

const problems = document.querySelector('.govuk-error-summary')
if (problems) {
  problems.tabIndex = -1
  problems.focus()
}

if (document.querySelector('.cs-chart')) import('./charts.mjs')
